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

  const madeOf = (entry: unknown, value: unknown, target = 'badge', strategy = 'oidc'): unknown => {
    const { root, attributes } = mapClaims(mappingOf(strategy, { [target]: entry }), {
      sub: '1',
      from: value,
    });
    return { ...attributes, ...root }[target];
  };

  it.each([
    ['LOWER', undefined, 'Ab C', 'ab c'],
    ['LOWER', undefined, ['A', 7, 'B'], ['a', 7, 'b']],
    ['TRIM', undefined, ' a  b ', 'a  b'],
    ['TRIM', undefined, [' a', ' ', 'b '], ['a', 'b']],
    ['TRIM', undefined, { deep: ' x ' }, { deep: ' x ' }],
    ['SPLIT', undefined, 'Sales, Human Resources;;  ', ['Sales', 'Human Resources']],
    ['SPLIT', undefined, 'one', ['one']],
    ['SPLIT', undefined, ['a,b', 'c'], ['a', 'b', 'c']],
    ['SPLIT', false, 'first; second', 'first'],
    ['BOOLEAN', undefined, 'TRUE', true],
    ['BOOLEAN', undefined, 0, false],
    ['BOOLEAN', undefined, 'perhaps', undefined],
    ['BOOLEAN', true, ['1', 'no idea', false], [true, false]],
    [undefined, true, 'one', ['one']],
    [undefined, true, ['one', 'two'], ['one', 'two']],
    [undefined, false, ['one', 'two'], 'one'],
    [undefined, false, ['', 'two'], 'two'],
  ])('3.5 transform %s with multi %s makes of %j the attribute %j', (transform, multi, value, expected) => {
    expect(madeOf({ claims: ['from'], transform, multi }, value)).toEqual(expected);
  });

  it('3.5 shapes root attributes and the claims of the table, takes the next claim where nothing is left, and lets a strategy differ', () => {
    expect(madeOf({ claims: ['from'], transform: 'LOWER' }, ['ANN@X.EXAMPLE'], 'email')).toBe(
      'ann@x.example',
    );
    expect(madeOf({ claims: ['from'], transform: 'SPLIT' }, 'a@x.example; b@x.example', 'email')).toBe(
      'a@x.example',
    );
    expect(madeOf({ claims: ['from'], transform: 'BOOLEAN' }, 'True', 'email_verified')).toBe(true);
    const table = mappingOf('oidc', { email: { transform: 'LOWER' } });
    expect(mapClaims(table, { sub: '1', email: 'ANN@X.EXAMPLE' }).root.email).toBe('ann@x.example');
    const next = mappingOf('oidc', { badge: { claims: ['a', 'b'], transform: 'SPLIT' } });
    expect(mapClaims(next, { sub: '1', a: ' ; ', b: 'two' }).attributes).toEqual({ badge: ['two'] });
    const differing = {
      oidc_mapping: 'from',
      transform: 'LOWER',
      strategy_overrides: { waad: { transform: 'SPLIT' } },
    };
    expect(['oidc', 'waad'].map((strategy) => madeOf(differing, 'A,B', 'badge', strategy))).toEqual([
      'a,b',
      ['A', 'B'],
    ]);
  });

  it.each([
    ['badge', { transform: 'UPPER' }],
    ['badge', { transform: ['LOWER'] }],
    ['badge', { transform: 'toString' }],
    ['badge', { multi: 'yes' }],
    ['email', { multi: true }],
    ['email', { transform: 'BOOLEAN' }],
    ['phone_verified', { transform: 'LOWER' }],
    ['user_id', { transform: 'LOWER' }],
    ['user_id', { multi: false }],
    ['badge', { strategy_overrides: { oidc: { transform: 'UPPER' } } }],
  ])('3.5 refuses %s with %j and names the place', (target, shape) => {
    expect(() => checkMapping({ [target]: { claims: ['from'], ...shape } }, 'oidc')).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        extensions: { field: 'attributeMapping', path: target },
      }),
    );
  });
});
