import { checkOrganization } from '#src/features/organizations/check-organization';

const names = (name: string) => () => checkOrganization({ name }, {});

describe('access 1.8/1 names', () => {
  test.each(['a', '0x', 'x'.repeat(50), 'a-b_c', '7'])('accepts %s', (name) => {
    expect(checkOrganization({ name }, {})).toEqual({ name });
  });

  test.each(['', 'x'.repeat(51), 'Acme', 'a b', 'é', '-a', '_a', 'org_abc', 'a\n'])('refuses %j', (name) => {
    expect(names(name)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', extensions: { field: 'name' } }),
    );
  });
});

describe('access 1.8/2 metadata', () => {
  const keys = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));

  test('25 keys pass, the 26th fails', () => {
    expect(Object.keys(checkOrganization({ metadata: keys(25) }, {}).metadata ?? {})).toHaveLength(25);
    expect(() => checkOrganization({ metadata: keys(26) }, {})).toThrow(
      expect.objectContaining({
        code: 'LIMIT_EXCEEDED',
        extensions: { field: 'metadata', limit: 25, current: 26 },
      }),
    );
    expect(() =>
      checkOrganization(
        { metadata: keys(1) },
        Object.fromEntries(
          keys(26)
            .slice(1)
            .map(({ key }) => [key, 'v']),
        ),
      ),
    ).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });

  test.each([
    ['value', (length: number) => ({ key: 'k', value: '€'.repeat(length) })],
    ['key', (length: number) => ({ key: 'k'.repeat(length), value: 'v' })],
  ])('a %s of 255 characters passes, of 256 fails', (_part, entry) => {
    expect(Object.keys(checkOrganization({ metadata: [entry(255)] }, {}).metadata ?? {})).toHaveLength(1);
    expect(() => checkOrganization({ metadata: [entry(256)] }, {})).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });

  test('null deletes a key, other keys stay, and null for all deletes all', () => {
    const stored = { plan: 'gold', region: 'eu' };
    const change = [
      { key: 'plan', value: null },
      { key: 'tier', value: '1' },
    ];
    expect(checkOrganization({ metadata: change }, stored).metadata).toEqual({ region: 'eu', tier: '1' });
    expect(checkOrganization({ metadata: null }, stored).metadata).toEqual({});
  });

  test.each(['__proto__', 'constructor', 'prototype', ''])('refuses the key %j', (key) => {
    expect(() => checkOrganization({ metadata: [{ key, value: 'v' }] }, {})).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});

describe('branding', () => {
  test.each([
    [{ primary: '#fff' }],
    [{ pageBackground: '#fff' }],
    [{ primary: '#fff', pageBackground: null }],
    [{}],
  ])('access 1.8/3 refuses only one of both colors: %j', (colors) => {
    expect(() => checkOrganization({ branding: { colors } }, {})).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', extensions: { field: 'branding.colors' } }),
    );
  });

  test('keeps both colors in lower case and removes both with null', () => {
    const colors = { primary: '#ABCDEF', pageBackground: '#0f0' };
    expect(checkOrganization({ branding: { colors } }, {})).toEqual({
      primaryColor: '#abcdef',
      pageBackgroundColor: '#0f0',
    });
    expect(checkOrganization({ branding: { colors: null } }, {})).toEqual({
      primaryColor: null,
      pageBackgroundColor: null,
    });
    expect(checkOrganization({ branding: null }, {})).toEqual({
      logoUrl: null,
      primaryColor: null,
      pageBackgroundColor: null,
    });
  });

  test.each(['red', '#ff', '#gggggg', 'url(#a)', '#fff;'])('refuses the color %s', (primary) => {
    expect(() =>
      checkOrganization({ branding: { colors: { primary, pageBackground: '#fff' } } }, {}),
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
    expect(() => checkOrganization({ branding: { logoUrl } }, {})).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});
