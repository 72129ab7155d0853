/** A user as an administrator thinks of it, with nothing prepared for searching. */
export interface PlainUser {
  readonly user_id: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly username?: string;
  readonly phone_number?: string;
  readonly phone_verified?: boolean;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly nickname?: string;
  readonly blocked: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  readonly last_login?: string;
  readonly last_ip?: string;
  readonly logins_count?: number;
  readonly identities: readonly PlainIdentity[];
  /** Ids. */
  readonly organizations: readonly string[];
  /** Names of roles; a role's id is `rol_` and its name. */
  readonly roles: readonly string[];
  /** Names of permissions that the user has directly. */
  readonly permissions: readonly string[];
  readonly user_metadata: PlainObject;
  readonly app_metadata: PlainObject;
}

export interface PlainIdentity {
  readonly connection: string;
  readonly provider: string;
  readonly user_id: string;
  readonly isSocial: boolean;
  readonly profileData?: PlainObject;
}

export type PlainObject = Readonly<Record<string, unknown>>;

/** What each role of the tests contains. */
export const rolePermissions: Readonly<Record<string, readonly string[]>> = {
  editor: ['read:posts', 'write:posts'],
  viewer: ['read:posts'],
  empty: [],
};

export const organizationIds = ['org_acme', 'org_beta'];

const plain = {
  blocked: false,
  organizations: [],
  roles: [],
  permissions: [],
  user_metadata: {},
  app_metadata: {},
  updated_at: '2026-01-01T00:00:00.000Z',
};

const main = (id: string): PlainIdentity[] => [
  { connection: 'main', provider: 'auth0', user_id: id, isSocial: false },
];

/** The six users of the query table, in the order of their creation. */
export const fixture: Readonly<Record<'A' | 'B' | 'C' | 'D' | 'E' | 'F', PlainUser>> = {
  A: {
    ...plain,
    user_id: 'auth0|a1',
    identities: main('a1'),
    name: 'Jane Smith',
    given_name: 'Jane',
    family_name: 'Smith',
    nickname: 'jane',
    email: 'jane@exampleco.com',
    email_verified: true,
    username: 'janes',
    logins_count: 150,
    last_login: '2017-12-15T10:00:00.000Z',
    created_at: '2016-05-01T00:00:00.000Z',
    organizations: ['org_acme'],
    roles: ['editor'],
    user_metadata: {
      favorite_color: 'blue',
      approved: false,
      preferences: { fontSize: 13 },
      addresses: { city: ['Paris', 'Seattle'] },
    },
    app_metadata: { subscription: { plan: 'gold' }, level: 5 },
  },
  B: {
    ...plain,
    user_id: 'google-oauth2|b2',
    identities: [
      { connection: 'google-oauth2', provider: 'google-oauth2', user_id: 'b2', isSocial: true },
      {
        connection: 'sms',
        provider: 'sms',
        user_id: 's9',
        isSocial: false,
        profileData: { phone_number: '+4915112345', phone_verified: true, langs: ['de', 'en'] },
      },
    ],
    name: 'John Richard Doe',
    given_name: 'John',
    family_name: 'Doe',
    nickname: 'jrd',
    email: 'john@exampleco.com',
    email_verified: true,
    logins_count: 200,
    last_login: '2018-01-15T23:30:00.000Z',
    created_at: '2017-02-10T00:00:00.000Z',
    permissions: ['read:posts'],
    user_metadata: { favorite_color: 'Blue', full_name: 'John Smith' },
    app_metadata: { subscription: { plan: 'silver' } },
  },
  C: {
    ...plain,
    user_id: 'sms|c3',
    identities: [{ connection: 'sms', provider: 'sms', user_id: 'c3', isSocial: false }],
    name: '+14258831929',
    phone_number: '+14258831929',
    phone_verified: true,
    created_at: '2019-07-04T00:00:00.000Z',
    roles: ['viewer', 'empty'],
    app_metadata: { roles: ['Admin'] },
  },
  D: {
    ...plain,
    user_id: 'auth0|d4',
    identities: main('d4'),
    name: "Johnny O'Neil",
    given_name: 'Johnny',
    family_name: "O'Neil",
    nickname: 'jo-n',
    email: 'jo+news@other.io',
    email_verified: false,
    username: 'jo_n',
    logins_count: 99,
    last_login: '2024-12-31T22:00:00.000Z',
    last_ip: '10.0.0.7',
    created_at: '2020-02-29T00:00:00.000Z',
    blocked: true,
    organizations: ['org_acme'],
    user_metadata: { favorite_color: '', tags: [], age: '23' },
    app_metadata: { level: 7 },
  },
  E: {
    ...plain,
    user_id: 'samlp|corp|e5',
    identities: [{ connection: 'corp', provider: 'samlp', user_id: 'corp|e5', isSocial: false }],
    name: 'Eugenio Musa',
    given_name: 'Eugenio',
    family_name: 'Musa',
    nickname: 'e5',
    email: 'E5@Corp.example',
    email_verified: false,
    logins_count: 100,
    last_login: '2025-12-05T00:00:00.000Z',
    created_at: '2021-01-01T00:00:00.000Z',
    organizations: ['org_beta'],
    user_metadata: { age: 23, addresses: [{ city: 'Paris' }, { city: 'Rome' }] },
    app_metadata: { groups: ['internal-1'] },
  },
  F: {
    ...plain,
    user_id: 'auth0|f6',
    identities: main('f6'),
    name: 'jane',
    nickname: 'jane-doe',
    email: 'jane.doe@sub.exampleco.com',
    email_verified: false,
    logins_count: 0,
    created_at: '2022-03-03T00:00:00.000Z',
    app_metadata: { subscription: { plan: 'gold' } },
  },
};
