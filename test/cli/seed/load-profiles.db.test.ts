import { loadProfiles } from '#src/cli/seed/load-profiles';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { randomIds } from '#src/shared/ids';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, Storage } from '#src/storage/store';
import { staleProfileLeaves, storedProfileLeaves } from '#test/support/stale-profile-leaves';
import { eachDatabase } from '#test/support/databases';
import { profiles } from '#test/cli/seed/profiles';

const now = Date.UTC(2026, 6, 15);
const surroundings = { clock: { now: () => now }, ids: randomIds };

const allUsers: Read<
  object,
  Pick<
    UserEntity,
    | 'id'
    | 'email'
    | 'emailVerified'
    | 'blocked'
    | 'createdAt'
    | 'updatedAt'
    | 'lastLogin'
    | 'lastIp'
    | 'loginsCount'
    | 'attributes'
  >
> = {
  name: 'test_all_users',
  build: (builder) => builder.from(UserEntity, 'u').orderBy('u.id'),
  select: columnsOf(UserEntity, 'u', [
    'id',
    'email',
    'emailVerified',
    'blocked',
    'createdAt',
    'updatedAt',
    'lastLogin',
    'lastIp',
    'loginsCount',
    'attributes',
  ]),
};

const allIdentities: Read<
  object,
  Pick<IdentityEntity, 'userId' | 'position' | 'connection' | 'isSocial' | 'profileData'>
> = {
  name: 'test_all_identities',
  build: (builder) => builder.from(IdentityEntity, 'i').orderBy('i.userId').addOrderBy('i.position'),
  select: columnsOf(IdentityEntity, 'i', ['userId', 'position', 'connection', 'isSocial', 'profileData']),
};

async function memberships(storage: Storage): Promise<string[]> {
  const store = storage.open();
  const rows = await store.query<{ userId: string; name: string }>(
    sql`SELECT ${store.column(MembershipEntity, 'userId', 'm')} AS "userId", ${store.column(OrganizationEntity, 'name', 'o')} AS "name"
        FROM ${store.table(MembershipEntity)} ${sql.raw('"m"')}
        JOIN ${store.table(OrganizationEntity)} ${sql.raw('"o"')}
          ON ${store.column(OrganizationEntity, 'id', 'o')} = ${store.column(MembershipEntity, 'organizationId', 'm')}`,
    { userId: 'text', name: 'text' },
  );
  return rows.map((row) => `${row.userId} ${row.name}`).sort();
}

eachDatabase('a file of profiles', (database) => {
  let storage: Storage;

  beforeAll(async () => {
    storage = await database.open();
  });

  it('is loaded with ids, dates, counters and unknown attributes as written', async () => {
    const result = await loadProfiles(storage, profiles, surroundings);
    expect(result).toEqual({ users: 5, organizations: 2, leftOut: new Map([['tenant', 1]]) });
    const users = await storage.open().read(allUsers, {});
    expect(users.map((user) => ({ ...user }))).toEqual([
      {
        id: 'auth0|a1',
        email: 'jane@exampleco.com',
        emailVerified: true,
        blocked: false,
        createdAt: Date.UTC(2016, 4, 1),
        updatedAt: Date.UTC(2017, 11, 15, 10),
        lastLogin: Date.UTC(2017, 11, 15, 10),
        lastIp: null,
        loginsCount: 150,
        attributes: null,
      },
      {
        id: 'auth0|f6',
        email: 'jane.doe@sub.exampleco.com',
        emailVerified: false,
        blocked: false,
        createdAt: now,
        updatedAt: now,
        lastLogin: null,
        lastIp: null,
        loginsCount: 0,
        attributes: null,
      },
      {
        id: 'google-oauth2|b2',
        email: 'john@exampleco.com',
        emailVerified: true,
        blocked: false,
        createdAt: Date.UTC(2017, 1, 10),
        updatedAt: Date.UTC(2018, 0, 15, 21, 30, 0, 250),
        lastLogin: Date.UTC(2018, 0, 15, 21, 30, 0, 250),
        lastIp: '2001:db8::1',
        loginsCount: 200,
        attributes: { locale: 'en' },
      },
      {
        id: 'samlp|corp|e5',
        email: 'E5@Corp.example',
        emailVerified: false,
        blocked: true,
        createdAt: Date.UTC(2021, 0, 1),
        updatedAt: Date.UTC(2022, 0, 1),
        lastLogin: null,
        lastIp: null,
        loginsCount: null,
        attributes: null,
      },
      {
        id: 'sms|c3',
        email: null,
        emailVerified: null,
        blocked: false,
        createdAt: Date.UTC(2019, 6, 4),
        updatedAt: Date.UTC(2019, 6, 4),
        lastLogin: null,
        lastIp: null,
        loginsCount: null,
        attributes: null,
      },
    ]);
  });

  it('is loaded with identities in their order', async () => {
    const identities = await storage.open().read(allIdentities, {});
    expect(
      identities.filter((identity) => identity.userId === 'google-oauth2|b2').map((row) => ({ ...row })),
    ).toEqual([
      {
        userId: 'google-oauth2|b2',
        position: 0,
        connection: 'google-oauth2',
        isSocial: true,
        profileData: null,
      },
      {
        userId: 'google-oauth2|b2',
        position: 1,
        connection: 'sms',
        isSocial: false,
        profileData: { phone_number: '+14255550100' },
      },
    ]);
    expect(await storedProfileLeaves(storage.open())).toHaveLength(1);
    expect(await staleProfileLeaves(storage.open())).toEqual([]);
  });

  it('is loaded with organizations by name, each created once', async () => {
    expect(await memberships(storage)).toEqual([
      'auth0|a1 acme',
      'samlp|corp|e5 acme',
      'samlp|corp|e5 north-pole',
    ]);
  });

  it('meets organizations and connections that exist', async () => {
    const row = { user_id: 'samlp|corp|new', organizations: ['acme'] };
    expect(await loadProfiles(storage, [row], surroundings)).toMatchObject({ users: 1, organizations: 0 });
  });

  it.each([
    ['an id that exists', { user_id: 'sms|c3' }, /a user id occurs twice/],
    [
      'an address that is taken',
      { user_id: 'auth0|z', email: 'JANE@exampleco.com' },
      /an e-mail address, username or phone/,
    ],
    [
      'an identity that is linked already',
      {
        user_id: 'auth0|z',
        email: 'z@example.com',
        identities: [
          { provider: 'auth0', user_id: 'z' },
          { provider: 'sms', user_id: 's9' },
        ],
      },
      /an identity occurs twice/,
    ],
  ])('is refused as a whole for %s', async (_, row, message) => {
    const before = (await storage.open().read(allUsers, {})).length;
    const loading = loadProfiles(storage, [{ user_id: 'sms|fresh' }, row], surroundings);
    await expect(loading).rejects.toMatchObject({
      code: 'SEED_CONFLICT',
      message: expect.stringMatching(message),
    });
    expect((await storage.open().read(allUsers, {})).length).toBe(before);
  });

  it('is refused when a connection is of another provider', async () => {
    const row = { user_id: 'github|9', identities: [{ provider: 'github', user_id: 9, connection: 'corp' }] };
    await expect(loadProfiles(storage, [row], surroundings)).rejects.toMatchObject({
      code: 'SEED_FILE_INVALID',
      message: expect.stringContaining('"corp" is of provider "samlp" in the database'),
    });
  });

  it('is refused with a list of the first twenty mistakes', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => ({ user_id: `sms|w${index}`, name: '' }));
    await expect(loadProfiles(storage, rows, surroundings)).rejects.toMatchObject({
      code: 'SEED_FILE_INVALID',
      message: expect.stringMatching(/25 mistake\(s\):\n {2}row 1 \(sms\|w0\), name: .*… and 5 more$/s),
    });
  });
});
