import { tokenPermissions, type TokenDialect } from '#src/features/roles/token-permissions';

const question = {
  defined: ['pay', 'read', 'refund', 'send'],
  held: ['send', 'read', 'ship'],
  requested: ['read', 'pay', 'ship', 'openid', 'read'],
};

describe('2.6-2 what a token says of permissions', () => {
  test.each<[string, boolean, TokenDialect, string[], string[] | null]>([
    ['off', false, 'ACCESS_TOKEN', ['read', 'pay'], null],
    ['off', false, 'ACCESS_TOKEN_AUTHZ', ['read', 'pay'], null],
    ['off', false, 'RFC9068_PROFILE', ['read', 'pay'], null],
    ['off', false, 'RFC9068_PROFILE_AUTHZ', ['read', 'pay'], null],
    ['on', true, 'ACCESS_TOKEN', ['read'], null],
    ['on', true, 'RFC9068_PROFILE', ['read'], null],
    ['on', true, 'ACCESS_TOKEN_AUTHZ', ['read'], ['read', 'send']],
    ['on', true, 'RFC9068_PROFILE_AUTHZ', ['read'], ['read', 'send']],
  ])(
    'enforcement %s (%s), %s: scope %j, permissions %j',
    (_word, enforcePolicies, tokenDialect, scope, permissions) => {
      expect(tokenPermissions({ ...question, enforcePolicies, tokenDialect })).toEqual({
        scope,
        permissions,
      });
    },
  );

  test('2.6-5 a role of two APIs brings a token for one of them that one’s permissions alone', () => {
    const held = ['invoices:read', 'orders:ship'];
    const both = {
      enforcePolicies: true,
      tokenDialect: 'ACCESS_TOKEN_AUTHZ',
      held,
      requested: held,
    } as const;
    expect(tokenPermissions({ ...both, defined: ['invoices:read', 'invoices:pay'] })).toEqual({
      scope: ['invoices:read'],
      permissions: ['invoices:read'],
    });
    expect(tokenPermissions({ ...both, defined: ['orders:ship'] }).permissions).toEqual(['orders:ship']);
  });

  test('who asks for nothing gets no scope, and who holds nothing no permission', () => {
    const none = { ...question, enforcePolicies: true, tokenDialect: 'RFC9068_PROFILE_AUTHZ' } as const;
    expect(tokenPermissions({ ...none, requested: [] })).toEqual({
      scope: [],
      permissions: ['read', 'send'],
    });
    expect(tokenPermissions({ ...none, held: [] })).toEqual({ scope: [], permissions: [] });
  });
});
