import { mapAllowedClaims, withAliases } from '#src/features/connections/mapping/allowed-claims';
import { mapClaims } from '#src/features/connections/mapping/map-claims';
import { checkMapping, mappingOf, providerMappings } from '#src/features/connections/mapping/mapping-of';
import type { Policy } from '#src/access/policy';

const listing = (...names: string[]): Policy => ({
  version: 1,
  rules: [],
  blacklist: names.map((name) => ({ scope: 'TENANT', scopeId: '', name })),
});

const identity = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

describe('claims of providers', () => {
  it.each([
    [
      'google-oauth2',
      {
        sub: '1',
        iss: 'https://accounts.example',
        aud: 'x',
        exp: 1,
        name: 'Jane Doe',
        given_name: 'Jane',
        family_name: 'Doe',
        email: 'Jane@X.io',
        email_verified: true,
        picture: 'https://p.example/1.png',
        locale: 'en',
        hd: 'x.io',
      },
      '1',
      {
        name: 'Jane Doe',
        given_name: 'Jane',
        family_name: 'Doe',
        email: 'Jane@X.io',
        email_verified: true,
        picture: 'https://p.example/1.png',
      },
      { locale: 'en', hd: 'x.io' },
    ],
    [
      'facebook',
      {
        id: '2',
        name: 'Jo',
        first_name: 'J',
        last_name: 'O',
        email: 'j@x.io',
        email_verified: true,
        picture: { data: { url: 'https://p.example/2.png' } },
        gender: 'female',
        age_range: { min: 21 },
      },
      '2',
      { name: 'Jo', given_name: 'J', family_name: 'O', email: 'j@x.io', picture: 'https://p.example/2.png' },
      { gender: 'female', age_range: { min: 21 } },
    ],
    [
      'github',
      {
        id: 99,
        login: 'octo',
        name: null,
        avatar_url: 'https://p.example/3.png',
        emails: [
          { email: 'old@x.io', primary: false, verified: true },
          { email: 'main@x.io', primary: true, verified: true },
        ],
        company: 'X',
      },
      '99',
      {
        name: 'octo',
        nickname: 'octo',
        email: 'main@x.io',
        email_verified: true,
        picture: 'https://p.example/3.png',
      },
      { company: 'X' },
    ],
    [
      'linkedin',
      { id: '4', localizedFirstName: 'L', localizedLastName: 'I', headline: 'h' },
      '4',
      { given_name: 'L', family_name: 'I' },
      { headline: 'h' },
    ],
    [
      'windowslive',
      { id: '5', name: 'W L', first_name: 'W', last_name: 'L', emails: ['w@x.io'], locale: 'de' },
      '5',
      { name: 'W L', given_name: 'W', family_name: 'L', email: 'w@x.io' },
      { emails: ['w@x.io'], locale: 'de' },
    ],
    [
      'waad',
      { oid: '6', name: 'A D', upn: 'a@corp.io', tid: 't', groups: ['g'], job_title: 'j', custom: 'dropped' },
      '6',
      { name: 'A D', email: 'a@corp.io' },
      { tenantid: 't', upn: 'a@corp.io', groups: ['g'], job_title: 'j' },
    ],
    [
      'samlp',
      {
        [`${identity}/nameidentifier`]: '7',
        [`${identity}/emailaddress`]: ['Jane@Corp.io'],
        [`${identity}/givenname`]: 'Jane',
        [`${identity}/surname`]: 'Doe',
        'http://claims.example/department': 'R&D',
      },
      '7',
      { email: 'Jane@Corp.io', given_name: 'Jane', family_name: 'Doe' },
      { department: 'R&D' },
    ],
    [
      'ad',
      {
        objectGUID: '8',
        givenName: 'Jane',
        sn: 'Doe',
        sAMAccountName: 'jdoe',
        mail: 'j@corp.io',
        department: 'R&D',
        secret: 'no',
      },
      '8',
      { given_name: 'Jane', family_name: 'Doe', nickname: 'jdoe', email: 'j@corp.io' },
      { sAMAccountName: 'jdoe', department: 'R&D' },
    ],
    [
      'sms',
      { user_id: '9', phone_number: '+15550123', phone_verified: true },
      '9',
      { phone_number: '+15550123', phone_verified: true },
      {},
    ],
  ])('%s becomes the normalized profile', (strategy, claims, userId, root, attributes) => {
    const mapped = mapClaims(mappingOf(strategy, null), claims);
    expect(mapped).toEqual({ userId, root, attributes, userMetadata: {}, appMetadata: {} });
  });

  it('every table maps what makes a profile and knows the id', () => {
    for (const [strategy, table] of Object.entries(providerMappings)) {
      expect([strategy, table.userId.length > 0, Object.keys(table.attributes)]).toEqual([
        strategy,
        true,
        expect.arrayContaining(['email', 'name']),
      ]);
    }
  });

  it('no claim passes for an attribute of the gateway', () => {
    const claims = JSON.parse(
      '{"sub": "1", "blocked": true, "user_metadata": {"a": 1}, "app_metadata": {"admin": true}, "logins_count": 9, "__proto__": {"x": 1}, "identities": []}',
    ) as Record<string, unknown>;
    const { root, attributes, appMetadata } = mapClaims(mappingOf('oidc', null), claims);
    expect([root, Object.keys(attributes), appMetadata]).toEqual([{}, [], {}]);
  });
});

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

describe('blacklisted claims', () => {
  const saml = mappingOf('samlp', { family_name: ['surname', 'lastName'] });
  const claims = { user_id: '1', surname: 'Doe', lastName: 'Doe', given_name: 'Jane', gender: 'f' };

  it.each(['family_name', 'surname', 'lastName'])('D3 listing %s stops every claim that means it', (name) => {
    const { mapped, stripped } = mapAllowedClaims(
      saml,
      claims,
      listing(name.replace('lastName', 'last_name')),
      {},
    );
    expect(mapped.root).toEqual({ given_name: 'Jane' });
    expect(mapped.attributes).toEqual({ gender: 'f' });
    expect(stripped).toBe(2);
  });

  it('D2 a claim named by a URI is stripped, also where names are shortened', () => {
    const uri = 'https://acme.example/short_lived';
    for (const strategy of ['oidc', 'samlp']) {
      const mapping = mappingOf(strategy, { user_id: 'sub', attributes: {} });
      const { mapped, stripped } = mapAllowedClaims(
        mapping,
        { sub: '1', [uri]: 'v', kept: 1 },
        listing(uri),
        {},
      );
      expect([mapped.attributes, stripped]).toEqual([{ kept: 1 }, 1]);
    }
  });

  it('a nested name strips that member alone, in every element of a list', () => {
    const { mapped } = mapAllowedClaims(
      mappingOf('oidc', null),
      { sub: '1', address: { postal_code: '1', country: 'X' }, homes: [{ street: 'a', city: 'b' }] },
      listing('address.postal_code', 'homes.street'),
      {},
    );
    expect(mapped.attributes).toEqual({ address: { country: 'X' }, homes: [{ city: 'b' }] });
  });

  it('a claim that is taken instead of another is stopped by its own name alone', () => {
    const github = mappingOf('github', null);
    const sent = { id: 1, login: 'octo', name: 'Octo Cat' };
    expect(mapAllowedClaims(github, sent, listing('login'), {}).mapped.root).toEqual({ name: 'Octo Cat' });
    expect(mapAllowedClaims(github, sent, listing('name'), {}).mapped.root).toEqual({ nickname: 'octo' });
  });

  it('the id of the user is read although its claim is listed, and stored nowhere else', () => {
    const mapping = mappingOf('ad', null);
    const { mapped } = mapAllowedClaims(mapping, { uid: 'u1', cn: 'Jane' }, listing('uid', 'cn'), {});
    expect(mapped).toMatchObject({ userId: 'u1', root: {}, attributes: {} });
  });

  it('metadata that claims would be written to obeys the list as well', () => {
    const mapping = mappingOf('oidc', { 'app_metadata.ssn': 'number', 'app_metadata.plan': 'plan' });
    const sent = { sub: '1', number: '1-2', plan: 'gold' };
    for (const name of ['app_metadata.ssn', 'number']) {
      const { mapped } = mapAllowedClaims(mapping, sent, listing(name), {});
      expect([name, mapped.appMetadata, mapped.attributes]).toEqual([name, { plan: 'gold' }, {}]);
    }
  });

  it('another name of a listed claim is listed for the connections that map it, and for no other', () => {
    const connections = [
      { name: 'corp', mapping: mappingOf('ad', null) },
      { name: 'main', mapping: mappingOf('auth0', null) },
    ];
    const added = (scope: 'TENANT' | 'CONNECTION', scopeId: string, name: string) =>
      withAliases([{ scope, scopeId, name }], connections).slice(1);
    expect(added('TENANT', '', 'sn')).toEqual([
      { scope: 'CONNECTION', scopeId: 'corp', name: 'family_name' },
    ]);
    expect(added('CONNECTION', 'corp', 'surname')).toEqual([
      { scope: 'CONNECTION', scopeId: 'corp', name: 'family_name' },
    ]);
    expect(added('CONNECTION', 'other', 'surname')).toEqual([]);
    expect(added('TENANT', '', 'family_name')).toEqual([]);
  });
});
