import { findUsers } from '#src/features/users/user.repository';
import type { UserRow } from '#src/features/users/user-row';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import { asPrincipal, startCore, type Core } from '#test/features/users/core-services';

eachDatabase('users', (database) => {
  let core: Core;

  beforeAll(async () => {
    core = await startCore(await database.open());
  });

  const read = async (id: string): Promise<UserRow | null> =>
    (await findUsers(core.callAs().store, [id], null))[0] ?? null;

  const lastEvent = async (targetId: string) =>
    (await core.audit.list(core.callAs(), { targetId }, { first: 1 })).rows[0];

  describe('creating', () => {
    it('P1: stores the address of a database user in lower case and leaves counters and dates of sign-ins open', async () => {
      const created = await core.users.create(core.callAs(), { email: 'Jane@X.io' });
      expect(created.id).toMatch(/^auth0\|[0-9a-f]{24}$/);
      expect(await read(created.id)).toMatchObject({
        email: 'jane@x.io',
        emailVerified: false,
        connection: 'main',
        loginsCount: null,
        lastLogin: null,
        lastPasswordReset: null,
        name: null,
        nickname: null,
        picture: null,
        blocked: false,
        version: 1,
        createdAt: core.time.now,
      });
    });

    it('prefixes a given id with the strategy and refuses one that exists', async () => {
      const call = core.callAs();
      const created = await core.users.create(call, { email: 'given@x.io', providerUserId: 'given1' });
      expect(created.id).toBe('auth0|given1');
      await expect(
        core.users.create(call, { email: 'other@x.io', providerUserId: 'auth0|given1' }),
      ).rejects.toMatchObject({
        code: 'CONFLICT',
      });
    });

    it.each([
      ['givenName', { email: 'p8@x.io', givenName: 'x'.repeat(151) }],
      ['username', { username: 'josé' }],
      ['phoneNumber', { phoneNumber: '0123' }],
      ['email', {}],
      ['connection', { email: 'p8@x.io', connection: 'nowhere' }],
    ])('P8: names the field %s of a wrong value and writes nothing', async (field, input) => {
      const before = await core.audit.count(core.callAs(), {});
      await expect(core.users.create(core.callAs(), input)).rejects.toMatchObject({ extensions: { field } });
      expect(await core.audit.count(core.callAs(), {})).toBe(before);
    });

    it('P8: stores as many characters as the limits allow', async () => {
      const names = { name: 'n'.repeat(150), givenName: 'g'.repeat(150), familyName: 'f'.repeat(150) };
      const input = { email: 'most@x.io', ...names, nickname: 'k'.repeat(350) };
      expect(await core.users.create(core.callAs(), input)).toMatchObject(input);
    });

    it('refuses an address that another user of the connection has, in any case', async () => {
      await core.users.create(core.callAs(), { email: 'taken@x.io' });
      await expect(core.users.create(core.callAs(), { email: 'TAKEN@x.io' })).rejects.toMatchObject({
        code: 'CONFLICT',
      });
    });

    it('S7 finds an address as it is written, and in any case on request', async () => {
      await core.connections.ensure(core.callAs().store, { name: 'corp', strategy: 'samlp' });
      await core.users.create(core.callAs(), {
        providerUserId: 'e5',
        email: 'E5@Corp.example',
        connection: 'corp',
      });
      const found = async (email: string, caseSensitive: boolean): Promise<readonly (string | null)[]> =>
        (await core.users.findByEmail(core.callAs(), { email, caseSensitive })).map((user) => user.email);
      expect(await found('E5@corp.example', true)).toEqual([]);
      expect(await found('E5@Corp.example', true)).toEqual(['E5@Corp.example']);
      expect(await found('E5@corp.example', false)).toEqual(['E5@Corp.example']);
    });

    it('S8 allows the same address in another connection, and finds both users by it', async () => {
      await core.connections.ensure(core.callAs().store, { name: 'staff', strategy: 'auth0' });
      await core.users.create(core.callAs(), { email: 'both@x.io' });
      const second = await core.users.create(core.callAs(), { email: 'both@x.io', connection: 'staff' });
      const found = await core.users.findByEmail(core.callAs(), { email: 'BOTH@x.io', caseSensitive: false });
      expect(found.map((user) => user.id)).toContain(second.id);
      expect(found).toHaveLength(2);
      await expect(core.users.findId(core.callAs(), { email: 'both@x.io' })).rejects.toMatchObject({
        code: 'AMBIGUOUS_USER_KEY',
      });
    });

    it('keeps the address of a social user verbatim and needs the id at the provider', async () => {
      await core.connections.ensure(core.callAs().store, {
        name: 'google-oauth2',
        strategy: 'google-oauth2',
      });
      const input = { email: 'Mixed@Case.io', connection: 'google-oauth2' };
      await expect(core.users.create(core.callAs(), input)).rejects.toMatchObject({
        extensions: { field: 'userId' },
      });
      const created = await core.users.create(core.callAs(), { ...input, providerUserId: 'g1' });
      expect(created).toMatchObject({ id: 'google-oauth2|g1', email: 'Mixed@Case.io' });
    });

    it('refuses a password while nothing keeps passwords', async () => {
      await expect(
        core.users.create(core.callAs(), { email: 'pw@x.io', password: 'secret' }),
      ).rejects.toMatchObject({
        extensions: { field: 'password' },
      });
    });

    it('is refused for a caller bound to an organization, so that addresses cannot be tried out', async () => {
      const bound = asPrincipal({ permissions: ['create:users'], organizationId: 'org_1' });
      await expect(core.users.create(core.callAs(bound), { email: 'taken@x.io' })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    });

    it('writes one audit record with paths and without values', async () => {
      const created = await core.users.create(core.callAs(), {
        email: 'audited@x.io',
        name: 'Very Secret Name',
      });
      const event = await lastEvent(created.id);
      expect(event).toMatchObject({
        action: 'user.create',
        changedPaths: ['email', 'name'],
        actorId: 'tester',
        result: 'ok',
      });
      expect(JSON.stringify(event)).not.toContain('Very Secret Name');
    });
  });

  describe('B13: uniqueness errors', () => {
    it('name the field only to a caller who may read it', async () => {
      await core.users.create(core.callAs(), { email: 'hidden@x.io' });
      const blind = asPrincipal({ permissions: ['create:users', 'update:users'] });
      const refused = core.users.create(core.callAs(blind), { email: 'hidden@x.io' });
      await expect(refused).rejects.toMatchObject({ code: 'CONFLICT', extensions: {} });
      await expect(refused).rejects.not.toThrow(/email/);
    });
  });

  describe('deleting', () => {
    it('removes the user and frees the address', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'gone@x.io' });
      await core.users.delete(core.callAs(), id);
      expect(await read(id)).toBeNull();
      await expect(core.users.delete(core.callAs(), id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await core.users.create(core.callAs(), { email: 'gone@x.io' });
    });
  });

  describe('reach', () => {
    it('a caller bound to an organization finds only its members and itself', async () => {
      const [member, stranger, self] = await Promise.all(
        ['member', 'stranger', 'self'].map((name) =>
          core.users.create(core.callAs(), { email: `${name}@reach.io` }),
        ),
      );
      const store = core.callAs().store;
      await store.transaction(async (inside) => {
        await inside.execute(sql`INSERT INTO "organizations" ("id", "name", "metadata", "third_party_client_access",
          "app_entitlement_active", "created_at", "updated_at", "version") VALUES ('org_r', 'r', '{}', 'DENY', ${false}, 0, 0, 1)`);
        await inside.execute(sql`INSERT INTO "memberships" ("id", "organization_id", "user_id", "joined_at", "joined_via")
          VALUES ('mem_r', 'org_r', ${member?.id}, 0, 'admin')`);
      });
      const bound = asPrincipal({
        userId: self?.id ?? null,
        organizationId: 'org_r',
        permissions: ['update:users'],
      });
      const ids = [member?.id ?? '', stranger?.id ?? '', self?.id ?? ''];
      const found = await findUsers(store, ids, {
        organizationId: 'org_r',
        userId: self?.id ?? null,
        filter: null,
      });
      expect(found.map((user) => user?.email ?? null)).toEqual(['member@reach.io', null, 'self@reach.io']);
      await core.users.update(core.callAs(bound), { id: ids[0] as string, name: 'Changed' });
      await expect(
        core.users.update(core.callAs(bound), { id: ids[1] as string, name: 'X' }),
      ).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(
        await core.users.findByEmail(core.callAs(bound), { email: 'stranger@reach.io', caseSensitive: true }),
      ).toEqual([]);
    });
  });
});
