import { checkOrganization } from '#src/features/organizations/check-organization';

const nothing = { metadata: {} };
const limits = { maxMetadataKeys: 25 };

const names = (name: string) => () => checkOrganization({ name }, nothing, limits);

describe('1.8-1 names', () => {
  test.each(['a', '0x', 'x'.repeat(50), 'a-b_c', '7'])('accepts %s', (name) => {
    expect(checkOrganization({ name }, nothing, limits)).toEqual({ name });
  });

  test.each(['', 'x'.repeat(51), 'Acme', 'a b', 'é', '-a', '_a', 'org_abc', 'a\n'])('refuses %j', (name) => {
    expect(names(name)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', extensions: { field: 'name' } }),
    );
  });
});

describe('1.8-2 metadata', () => {
  const keys = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));

  test('25 keys pass, the 26th fails', () => {
    expect(
      Object.keys(checkOrganization({ metadata: keys(25) }, nothing, limits).metadata ?? {}),
    ).toHaveLength(25);
    expect(() => checkOrganization({ metadata: keys(26) }, nothing, limits)).toThrow(
      expect.objectContaining({
        code: 'LIMIT_EXCEEDED',
        extensions: { field: 'metadata', limit: 25, current: 26 },
      }),
    );
    expect(() =>
      checkOrganization(
        { metadata: keys(1) },
        {
          metadata: Object.fromEntries(
            keys(26)
              .slice(1)
              .map(({ key }) => [key, 'v']),
          ),
        },
        limits,
      ),
    ).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });

  test.each([
    ['value', (length: number) => ({ key: 'k', value: '€'.repeat(length) })],
    ['key', (length: number) => ({ key: 'k'.repeat(length), value: 'v' })],
  ])('a %s of 255 characters passes, of 256 fails', (_part, entry) => {
    expect(
      Object.keys(checkOrganization({ metadata: [entry(255)] }, nothing, limits).metadata ?? {}),
    ).toHaveLength(1);
    expect(() => checkOrganization({ metadata: [entry(256)] }, nothing, limits)).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });

  test('null deletes a key, other keys stay, and null for all deletes all', () => {
    const stored = { plan: 'gold', region: 'eu' };
    const change = [
      { key: 'plan', value: null },
      { key: 'tier', value: '1' },
    ];
    expect(checkOrganization({ metadata: change }, { metadata: stored }, limits).metadata).toEqual({
      region: 'eu',
      tier: '1',
    });
    expect(checkOrganization({ metadata: null }, { metadata: stored }, limits).metadata).toEqual({});
  });

  test.each(['__proto__', 'constructor', 'prototype', ''])('refuses the key %j', (key) => {
    expect(() => checkOrganization({ metadata: [{ key, value: 'v' }] }, nothing, limits)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});

describe('token quota', () => {
  test('is kept with its defaults, and null removes it', () => {
    expect(checkOrganization({ tokenQuota: { perDay: 1 } }, nothing, limits)).toEqual({
      tokenQuota: { enforce: true, perHour: null, perDay: 1 },
    });
    expect(checkOrganization({ tokenQuota: null }, nothing, limits)).toEqual({ tokenQuota: null });
  });

  test.each([{}, { enforce: false }, { perHour: 0 }, { perDay: -1 }])('refuses %j', (tokenQuota) => {
    expect(() => checkOrganization({ tokenQuota }, nothing, limits)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});

describe('1.8-3 branding', () => {
  test.each([
    [{ primary: '#fff' }],
    [{ pageBackground: '#fff' }],
    [{ primary: '#fff', pageBackground: null }],
    [{}],
  ])('access 1.8/3 refuses only one of both colors: %j', (colors) => {
    expect(() => checkOrganization({ branding: { colors } }, nothing, limits)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', extensions: { field: 'branding.colors' } }),
    );
  });

  test('keeps both colors in lower case and removes both with null', () => {
    const colors = { primary: '#ABCDEF', pageBackground: '#0f0' };
    expect(checkOrganization({ branding: { colors } }, nothing, limits)).toEqual({
      primaryColor: '#abcdef',
      pageBackgroundColor: '#0f0',
    });
    expect(checkOrganization({ branding: { colors: null } }, nothing, limits)).toEqual({
      primaryColor: null,
      pageBackgroundColor: null,
    });
    expect(checkOrganization({ branding: null }, nothing, limits)).toEqual({
      logoUrl: null,
      primaryColor: null,
      pageBackgroundColor: null,
    });
  });

  test.each(['red', '#ff', '#gggggg', 'url(#a)', '#fff;'])('refuses the color %s', (primary) => {
    expect(() =>
      checkOrganization({ branding: { colors: { primary, pageBackground: '#fff' } } }, nothing, limits),
    ).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  test.each([
    'http://x.example/a.png',
    '/a.png',
    'javascript:alert(1)',
    'data:image/png;base64,x',
    'https://',
    `https://x.example/${'a'.repeat(2048)}`,
  ])('refuses the logo %s', (logoUrl) => {
    expect(() => checkOrganization({ branding: { logoUrl } }, nothing, limits)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});
