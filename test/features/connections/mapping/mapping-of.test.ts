import { mapClaims } from '#src/features/connections/mapping/map-claims';
import { checkMapping, mappingOf } from '#src/features/connections/mapping/mapping-of';

describe('mapping configuration', () => {
  it('replaces attributes of the table, takes the first claim that is not empty and reaches into app_metadata', () => {
    const mapping = mappingOf('samlp', {
      email: 'mailbox',
      name: ['full', 'cn', 'displayed'],
      'app_metadata.department': 'dept',
      badge: 'badgeNumber',
    });
    const claims = {
      user_id: '1',
      mailbox: 'a@b.io',
      full: '',
      cn: [],
      displayed: 'A',
      dept: 'R',
      badgeNumber: 7,
    };
    expect(mapClaims(mapping, claims)).toEqual({
      userId: '1',
      root: { email: 'a@b.io', name: 'A' },
      userMetadata: {},
      appMetadata: { department: 'R' },
      attributes: { badge: 7 },
    });
  });

  it('reads one profile for all protocols, with what a strategy needs instead', () => {
    const configuration = {
      user_id: { oidc_mapping: 'employee', saml_mapping: ['employeeId'] },
      attributes: {
        family_name: {
          label: 'Last name',
          profile_required: true,
          oidc_mapping: { mapping: 'surname', display_name: 'Surname' },
          saml_mapping: ['urn:surname'],
          strategy_overrides: { waad: { oidc_mapping: { mapping: 'last' } } },
        },
      },
    };
    const claims = {
      employee: '1',
      employeeId: '2',
      surname: 'O',
      'urn:surname': 'S',
      last: 'W',
      sub: 's',
      oid: 'o',
    };
    const familyOf = (strategy: string) => {
      const { userId, root } = mapClaims(mappingOf(strategy, configuration), claims);
      return [userId, root.family_name];
    };
    expect([familyOf('oidc'), familyOf('samlp'), familyOf('waad')]).toEqual([
      ['1', 'O'],
      ['2', 'S'],
      ['1', 'W'],
    ]);
    expect(mappingOf('oidc', configuration).attributes['family_name']?.isRequired).toBe(true);
  });

  it.each([
    ['45 attributes', Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`a${i}`, 'x']))],
    ['5 claims', { name: ['a', 'b', 'c', 'd', 'e'] }],
    ['no claim', { name: [] }],
    ['a claim of 2,049 characters', { name: 'x'.repeat(2049) }],
    ['a number', { name: 5 }],
    ['blocked', { blocked: 'x' }],
    ['user_id among the attributes', { attributes: { user_id: 'x' } }],
    ['a path below app_metadata', { 'app_metadata.a.b': 'x' }],
    ['a list', ['name']],
    ['an unknown member', { attributes: {}, other: 'x' }],
  ])('refuses %s', (_title, configuration) => {
    expect(() => checkMapping(configuration, 'samlp')).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    );
  });

  it('takes 44 attributes with 4 claims of 2,048 characters', () => {
    const claims = ['x'.repeat(2048), 'b', 'c', 'd'];
    const configuration = Object.fromEntries(Array.from({ length: 44 }, (_, i) => [`a${i}`, claims]));
    expect(Object.keys(checkMapping(configuration, 'oidc').attributes)).toHaveLength(44);
  });
});
