/** The user whose secrets are attacked, and others around. */
export const target = 'auth0|target';
export const other = 'auth0|other';
export const acme = 'org_acme000000000000';
export const globex = 'org_globex0000000000';

export const profiles = [
  {
    user_id: target,
    username: 'target',
    email: 'target@start.example',
    identities: [
      { connection: 'main', provider: 'auth0', user_id: 'target', isSocial: false },
      { connection: 'corp', provider: 'samlp', user_id: 'corp|t1', isSocial: false, profileData: {} },
    ],
    created_at: '2020-01-01',
    updated_at: '2020-01-01',
    user_metadata: { theme: 'dark' },
    app_metadata: { level: 1 },
    organizations: [{ name: 'acme', id: acme }],
  },
  {
    user_id: other,
    username: 'other',
    email: 'other@example.com',
    phone_number: '+15550000002',
    name: 'Other Person',
    given_name: 'Other',
    family_name: 'Person',
    nickname: 'otto',
    created_at: '2020-01-02',
    updated_at: '2020-01-02',
    last_ip: '192.0.2.2',
    logins_count: 2,
    user_metadata: { theme: 'light', plan: 'gold' },
    app_metadata: { level: 2 },
    organizations: [
      { name: 'acme', id: acme },
      { name: 'globex', id: globex },
    ],
  },
  {
    user_id: 'samlp|corp|c3',
    email: 'third@corp.example',
    created_at: '2020-01-03',
    updated_at: '2020-01-03',
    organizations: [{ name: 'globex', id: globex }],
  },
];
