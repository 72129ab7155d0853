import {
  checkPatch,
  checkSignUpMetadata,
  checkSize,
  metadataLimits,
  sizeOf,
} from '#src/features/metadata/check-metadata';
import type { StoreName } from '#src/features/metadata/metadata-store';
import { GatehouseError } from '#src/shared/errors';

function problemOf(patch: unknown, store: StoreName = 'user'): { code: string; extensions: object } {
  try {
    checkPatch(patch, store);
  } catch (error) {
    if (error instanceof GatehouseError) return { code: error.code, extensions: error.extensions };
    throw error;
  }
  return { code: 'none', extensions: {} };
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}

describe('checking a patch', () => {
  it('M5: refuses dots and dollar signs in keys at any depth and names the path', () => {
    expect(problemOf({ 'preference.color': 1 })).toEqual({
      code: 'INVALID_METADATA_KEY',
      extensions: { path: 'user_metadata.preference.color' },
    });
    expect(problemOf({ a: { $b: 1 } })).toEqual({
      code: 'INVALID_METADATA_KEY',
      extensions: { path: 'user_metadata.a.$b' },
    });
    expect(problemOf({ a: [{ 'b.c': 1 }] }).code).toBe('INVALID_METADATA_KEY');
  });

  it('M6: accepts a dot in a value', () => {
    expect(problemOf({ color: 'light.blue' }).code).toBe('none');
  });

  it('M7: refuses reserved names at the top of app_metadata only', () => {
    expect(problemOf({ email: 'x' }, 'app').code).toBe('RESERVED_METADATA_KEY');
    expect(problemOf({ x: { email: 'x' } }, 'app').code).toBe('none');
    expect(problemOf({ Email: 'x' }, 'app').code).toBe('none');
    expect(problemOf({ email: 'x' }, 'user').code).toBe('none');
  });

  it('takes keys of 255 characters and refuses empty and longer ones', () => {
    expect(problemOf({ ['k'.repeat(255)]: 1 }).code).toBe('none');
    expect(problemOf({ ['k'.repeat(256)]: 1 }).code).toBe('INVALID_METADATA_KEY');
    expect(problemOf({ '': 1 }).code).toBe('INVALID_METADATA_KEY');
  });

  it('takes 16 levels and refuses 17', () => {
    expect(problemOf(nested(16)).code).toBe('none');
    expect(problemOf(nested(17)).code).toBe('METADATA_TOO_DEEP');
  });

  it.each(['__proto__', 'prototype', 'constructor'])('refuses the key %s wherever it stands', (key) => {
    expect(problemOf(JSON.parse(`{"${key}": {"x": 1}}`)).code).toBe('INVALID_METADATA_KEY');
    expect(problemOf(JSON.parse(`{"a": [{"${key}": 1}]}`)).code).toBe('INVALID_METADATA_KEY');
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each([null, 1, 'text', [], [{}]])('refuses %j in place of an object', (patch) => {
    expect(problemOf(patch)).toEqual({ code: 'VALIDATION_FAILED', extensions: { field: 'patch' } });
  });

  it('refuses text that not every database can store', () => {
    expect(problemOf({ a: 'x\u0000' }).code).toBe('VALIDATION_FAILED');
    expect(problemOf({ a: '\ud800' }).code).toBe('VALIDATION_FAILED');
    expect(problemOf({ a: '😀' }).code).toBe('none');
  });
});

describe('checking the size', () => {
  it('M11: warns above 10 KB and refuses above 1 MB', () => {
    expect(checkSize(10 * 1024, metadataLimits)).toEqual([]);
    expect(checkSize(10 * 1024 + 1, metadataLimits)).toHaveLength(1);
    expect(() => checkSize(1024 * 1024 + 1, metadataLimits)).toThrow(
      expect.objectContaining({ code: 'PROFILE_TOO_LARGE' }),
    );
  });

  it('measures UTF-8 bytes of both stores', () => {
    expect(sizeOf({}, {})).toBe(4);
    expect(sizeOf({ a: 'é' }, {})).toBe(12);
  });
});

describe('metadata at sign-up', () => {
  const fields = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 'x']));
  const code = 'VALIDATION_FAILED';

  it('M10 takes ten texts of 500 characters', () => {
    expect(checkSignUpMetadata(fields(10))).toEqual(fields(10));
    expect(checkSignUpMetadata({ long: '😀'.repeat(500) })).toBeDefined();
  });

  it.each([
    ['an eleventh field', fields(11)],
    ['a number', { age: 23 }],
    ['an object', { a: {} }],
    ['null', { a: null }],
    ['a text of 501 characters', { a: 'x'.repeat(501) }],
    ['something that is no object', ['x']],
  ])('M10 refuses %s', (_title, given) => {
    expect(() => checkSignUpMetadata(given)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('M5 M10 refuses keys that metadata cannot have', () => {
    expect(() => checkSignUpMetadata({ 'a.b': 'x' })).toThrow(
      expect.objectContaining({ code: 'INVALID_METADATA_KEY' }) as Error,
    );
  });
});
