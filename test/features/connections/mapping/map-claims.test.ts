import { mapClaims } from '#src/features/connections/mapping/map-claims';
import { mappingOf, providerMappings } from '#src/features/connections/mapping/mapping-of';

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
