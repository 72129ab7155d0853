/**
 * @jest-environment node
 */
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { profileLeafRows } from '#src/features/identities/profile-leaves';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import type { UserEntity } from '#src/features/users/user.entity';
import { sql } from '#src/storage/sql';
import { addNames, openRuled, removeNames } from '#test/features/attribute-rules/support';
import { instant, type Gateway, type Json } from '#test/features/roles/support/gateway';
import { staleProfileLeaves } from '#test/support/stale-profile-leaves';
import { eachDatabase } from '#test/support/databases';

eachDatabase('purging what a blacklist names', (database) => {
  let gateway: Gateway;

  beforeAll(async () => {
    ({ gateway } = await openRuled(database));
  });

  const added = async (input: object) =>
    (await gateway.ok(addNames, { variables: { i: input } })).addBlacklistedAttributes;
  const removed = async (input: object) =>
    (await gateway.ok(removeNames, { variables: { i: input } })).removeBlacklistedAttributes;

  const givenIdentity = (
    userId: string,
    connection: string,
    profileData: Record<string, unknown>,
    position = 0,
  ) =>
    gateway.storage.open().transaction(async (store) => {
      const id = `idn_${userId}_${position}`;
      await store.insert(IdentityEntity, {
        id,
        userId,
        position,
        connection,
        provider: connection === 'main' ? 'auth0' : 'samlp',
        providerUserId: userId,
        isSocial: false,
        profileData,
        createdAt: instant,
      });
      await store.insert(ProfileLeafEntity, profileLeafRows({ id, userId }, profileData));
    });
  const userRow = async (id: string): Promise<UserEntity> => {
    const rows = await gateway.storage
      .open()
      .query<Json>(
        sql`SELECT family_name AS "familyName", family_name_folded AS "familyNameFolded", phone_number AS "phoneNumber", attributes, version FROM users WHERE id = ${id}`,
        {
          familyName: 'text',
          familyNameFolded: 'text',
          phoneNumber: 'text',
          attributes: 'json',
          version: 'integer',
        },
      );
    return rows[0] as UserEntity;
  };
  const profileDataOf = async (userId: string) =>
    (
      await gateway.storage
        .open()
        .query<{ profileData: object }>(
          sql`SELECT profile_data AS "profileData" FROM identities WHERE user_id = ${userId} ORDER BY position`,
          { profileData: 'json' },
        )
    ).map(({ profileData }) => profileData);

  test('users D7 listing removes what is stored in columns, copies, claims and what providers said', async () => {
    const userId = await gateway.givenUser('auth0|purged', {
      familyName: 'Secret',
      familyNameFolded: 'secret',
      phoneNumber: '+14155550199',
      attributes: { family_name: 'Secret', gender: 'x', locale: 'de' },
    });
    await givenIdentity(userId, 'main', { family_name: 'Secret', gender: 'x', hd: 'acme' });
    await gateway.storage.open().transaction((store) =>
      store.insert(LoginIdentifierEntity, {
        connection: 'main',
        kind: 'phone',
        value: '+14155550199',
        userId,
      }),
    );
    await gateway.givenUser('auth0|nothing-to-purge');
    const identifiers = await gateway.count('login_identifiers');
    const { purgedUsers } = await added({ scope: 'TENANT', names: ['familyName', 'gender', 'phone_number'] });
    expect(purgedUsers).toBe(1);
    expect(await userRow(userId)).toEqual({
      familyName: null,
      familyNameFolded: null,
      phoneNumber: null,
      attributes: { locale: 'de' },
      version: 2,
    });
    expect(await profileDataOf(userId)).toEqual([{ hd: 'acme' }]);
    expect(await gateway.count('login_identifiers')).toBe(identifiers - 1);
    expect((await added({ scope: 'TENANT', names: ['gender'] })).purgedUsers).toBe(0);
    await removed({ scope: 'TENANT', names: ['family_name', 'gender', 'phone_number'] });
    expect((await userRow(userId)).familyName).toBeNull();
  });

  test('metadata loses the listed path at any depth, with its searchable leaves', async () => {
    const userId = await gateway.givenUser('auth0|metadata');
    const userJson = { ssn: '1', plan: 'gold', addresses: [{ zip: '1', city: 'A' }, { zip: '2' }] };
    await gateway.storage.open().transaction(async (store) => {
      await store.insert(MetadataEntity, {
        userId,
        userJson,
        appJson: { ssn: 'kept' },
        bytes: 100,
        version: 1,
        updatedAt: 0,
      });
      const leaf = { userId, kind: 'text' as const, textHash: null, numberValue: null };
      await store.insert(MetadataLeafEntity, [
        { ...leaf, store: 'user', path: 'ssn', textValue: '1' },
        { ...leaf, store: 'user', path: 'addresses.zip', textValue: '1' },
        { ...leaf, store: 'user', path: 'addresses.zip', textValue: '2' },
        { ...leaf, store: 'user', path: 'plan', textValue: 'gold' },
        { ...leaf, store: 'app', path: 'ssn', textValue: 'kept' },
      ]);
    });
    const names = ['user_metadata.ssn', 'user_metadata.addresses.zip'];
    expect((await added({ scope: 'TENANT', names })).purgedUsers).toBe(1);
    const store = gateway.storage.open();
    const [row] = await store.query<Json>(
      sql`SELECT user_json AS "user", app_json AS "app", bytes, version FROM user_metadata WHERE user_id = ${userId}`,
      { user: 'json', app: 'json', bytes: 'integer', version: 'integer' },
    );
    const left = { plan: 'gold', addresses: [{ city: 'A' }, {}] };
    expect(row).toEqual({
      user: left,
      app: { ssn: 'kept' },
      bytes: JSON.stringify(left).length + JSON.stringify({ ssn: 'kept' }).length,
      version: 2,
    });
    const leaves = await store.query<{ path: string; store: string }>(
      sql`SELECT store, path FROM metadata_leaves WHERE user_id = ${userId} ORDER BY store, path`,
      { store: 'text', path: 'text' },
    );
    expect(leaves).toEqual([
      { store: 'app', path: 'ssn' },
      { store: 'user', path: 'plan' },
    ]);
    await removed({ scope: 'TENANT', names });
  });

  test('users D7 metadata that linking took out of use loses the listed path as well', async () => {
    const userId = await gateway.givenUser('auth0|linked');
    await givenIdentity(userId, 'main', {});
    const discarded = { user: { ssn: '1', plan: 'x' }, app: {} };
    await gateway.storage
      .open()
      .transaction((store) => store.update(IdentityEntity, { userId }, { discardedMetadata: discarded }));
    await added({ scope: 'TENANT', names: ['user_metadata.ssn'] });
    const rows = await gateway.storage
      .open()
      .query<Json>(sql`SELECT discarded_metadata AS "kept" FROM identities WHERE user_id = ${userId}`, {
        kept: 'json',
      });
    expect(rows).toEqual([{ kept: { user: { plan: 'x' }, app: {} } }]);
    await removed({ scope: 'TENANT', names: ['user_metadata.ssn'] });
  });

  test('users D4 the list of a connection concerns its users, and of another identity nothing', async () => {
    const corp = await gateway.givenUser('samlp|corp|1', { connection: 'corp', familyName: 'Corp' });
    await givenIdentity(corp, 'corp', { family_name: 'Corp', gender: 'x' });
    await givenIdentity(corp, 'main', { family_name: 'Main', gender: 'x' }, 1);
    const main = await gateway.givenUser('auth0|main-only', { familyName: 'Main' });
    await givenIdentity(main, 'main', { gender: 'x' });
    const { purgedUsers } = await added({
      scope: 'CONNECTION',
      scopeId: 'corp',
      names: ['family_name', 'gender'],
    });
    expect(purgedUsers).toBe(1);
    expect((await userRow(corp)).familyName).toBeNull();
    expect(await profileDataOf(corp)).toEqual([{}, { family_name: 'Main', gender: 'x' }]);
    expect((await userRow(main)).familyName).toBe('Main');
    await removed({ scope: 'CONNECTION', scopeId: 'corp', names: ['family_name', 'gender'] });
  });

  test.each(['surname', 'sn', 'family_name'])(
    'D3 D7 listing %s empties the attribute it is mapped to, the claims beside it, and no other connection',
    async (name) => {
      const mapped = await gateway.givenUser(`samlp|corp|${name}`, {
        connection: 'corp',
        familyName: 'Canary',
        familyNameFolded: 'canary',
        attributes: { surname: 'Canary', unit: 'x' },
      });
      await givenIdentity(mapped, 'corp', { family_name: 'Canary', sn: 'Canary', unit: 'x' });
      const linked = await gateway.givenUser(`auth0|${name}`, { familyName: 'Canary' });
      await givenIdentity(linked, 'main', { unit: 'y' });
      await givenIdentity(linked, 'corp', { surname: 'Canary' }, 1);
      const own = await gateway.givenUser(`auth0|own-${name}`, { familyName: 'Kept' });
      const { purgedUsers } = await added({ scope: 'CONNECTION', scopeId: 'corp', names: [name] });
      expect(purgedUsers).toBe(2);
      const row = await userRow(mapped);
      expect(row).toMatchObject({ familyName: null, familyNameFolded: null, attributes: { unit: 'x' } });
      expect(row.version).toBe(2);
      expect(await profileDataOf(mapped)).toEqual([{ unit: 'x' }]);
      expect((await userRow(linked)).familyName).toBeNull();
      expect(await profileDataOf(linked)).toEqual([{ unit: 'y' }, {}]);
      expect((await userRow(own)).familyName).toBe('Kept');
      await removed({ scope: 'CONNECTION', scopeId: 'corp', names: [name] });
    },
  );

  test('D3 D7 a claim listed for the whole tenant is purged where a connection maps it, each user counted once', async () => {
    const mapped = await gateway.givenUser('samlp|corp|whole', {
      connection: 'corp',
      familyName: 'Canary',
      attributes: { sn: 'Canary' },
    });
    await givenIdentity(mapped, 'corp', { sn: 'Canary' });
    const own = await gateway.givenUser('auth0|unmapped', { familyName: 'Kept' });
    expect((await added({ scope: 'TENANT', names: ['sn'] })).purgedUsers).toBe(1);
    expect(await userRow(mapped)).toMatchObject({ familyName: null, attributes: {}, version: 2 });
    expect(await profileDataOf(mapped)).toEqual([{}]);
    expect((await userRow(own)).familyName).toBe('Kept');
    await removed({ scope: 'TENANT', names: ['sn'] });
  });

  test('the list of a connection leaves what users sign in with through another one', async () => {
    const address = { email: 'kept@x.io', emailFolded: 'kept@x.io', emailDomain: 'x.io' };
    const main = await gateway.givenUser('auth0|signs-in', address);
    await givenIdentity(main, 'main', {});
    await givenIdentity(main, 'corp', { email: 'kept@x.io' }, 1);
    const corp = await gateway.givenUser('samlp|corp|signs-in', { connection: 'corp', ...address });
    await givenIdentity(corp, 'corp', { email: 'kept@x.io' });
    await givenIdentity(corp, 'main', {}, 1);
    const identifier = { connection: 'main', kind: 'email' as const };
    const open = gateway.storage.open();
    await open.transaction(async (store) => {
      await store.delete(LoginIdentifierEntity, { userId: [main, corp] });
      await store.insert(LoginIdentifierEntity, [
        { ...identifier, value: 'one@x.io', userId: main },
        { ...identifier, value: 'two@x.io', userId: corp },
      ]);
    });
    const { purgedUsers } = await added({ scope: 'CONNECTION', scopeId: 'corp', names: ['email'] });
    expect(purgedUsers).toBe(2);
    const rows = await open.query<{ id: string; email: string | null; signsIn: number }>(
      sql`SELECT id AS "id", email AS "email", (SELECT COUNT(*) FROM login_identifiers l WHERE l.user_id = u.id) AS "signsIn"
        FROM users u WHERE id IN (${main}, ${corp}) ORDER BY id`,
      { id: 'text', email: 'text', signsIn: 'integer' },
    );
    expect(rows).toEqual([
      { id: main, email: 'kept@x.io', signsIn: 1 },
      { id: corp, email: null, signsIn: 1 },
    ]);
    expect(await profileDataOf(main)).toEqual([{}, {}]);
    await removed({ scope: 'CONNECTION', scopeId: 'corp', names: ['email'] });
  });

  test('the list of an organization concerns its members', async () => {
    const member = await gateway.givenUser('auth0|member', { familyName: 'Member' });
    const other = await gateway.givenUser('auth0|no-member', { familyName: 'Other' });
    const organizationId = await gateway.givenOrganization('purging', [member]);
    expect(
      (await added({ scope: 'ORGANIZATION', scopeId: organizationId, names: ['family_name'] })).purgedUsers,
    ).toBe(1);
    expect((await userRow(member)).familyName).toBeNull();
    expect((await userRow(other)).familyName).toBe('Other');
    await removed({ scope: 'ORGANIZATION', scopeId: organizationId, names: ['family_name'] });
  });

  test('more users than one batch are purged', async () => {
    const rows = Array.from({ length: 1_100 }, (_, index) => index);
    await gateway.storage.open().transaction(async (store) => {
      for (const index of rows) {
        await store.execute(sql`INSERT INTO users (id, connection, name, name_folded, blocked, created_at, updated_at, credential_epoch, version)
          VALUES (${`auth0|batch-${index}`}, 'main', 'N', 'n', FALSE, 0, 0, 1, 1)`);
      }
    });
    expect((await added({ scope: 'TENANT', names: ['name'] })).purgedUsers).toBe(1_100);
    await removed({ scope: 'TENANT', names: ['name'] });
  });

  test('users D7 whatever was purged, searches know exactly what identities still keep', async () => {
    expect(await staleProfileLeaves(gateway.storage.open())).toEqual([]);
  });
});
