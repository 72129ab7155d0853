import fc from 'fast-check';
import { isSessionSecret, newSessionSecret } from '#src/features/sessions/session-token';
import { randomIds } from '#src/shared/ids';
import { hashSecret, isSameSecretHash } from '#src/shared/secret-hash';

describe('session secret', () => {
  it('has 256 bits and never repeats', () => {
    const secrets = Array.from({ length: 1_000 }, () => newSessionSecret(randomIds));
    expect(new Set(secrets).size).toBe(1_000);
    expect(secrets.every((secret) => Buffer.from(secret, 'base64url').length === 32)).toBe(true);
    expect(secrets.every(isSessionSecret)).toBe(true);
  });

  it('is stored as SHA-256 in hexadecimal', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it.each([
    '',
    'a',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}=`,
    `${'a'.repeat(42)}\n`,
    'a'.repeat(1e6),
  ])('is not %j', (text) => {
    expect(isSessionSecret(text)).toBe(false);
  });

  it('is not its own hash', () => {
    expect(isSessionSecret(hashSecret(newSessionSecret(randomIds)))).toBe(false);
  });
});

describe('secret hashes', () => {
  it('are the same exactly when their texts are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(isSameSecretHash(left, right)).toBe(Buffer.from(left).equals(Buffer.from(right)));
        expect(isSameSecretHash(left, left)).toBe(true);
      }),
    );
  });
});
