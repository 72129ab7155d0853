import { findUsers } from '#src/features/users/user.repository';
import type { UserRow } from '#src/features/users/user-row';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import { administrator, startCore, type Core } from '#test/features/users/core-services';

eachDatabase('changing users', (database) => {
  let core: Core;

  beforeAll(async () => {
    core = await startCore(await database.open());
  });

  const read = async (id: string): Promise<UserRow | null> =>
    (await findUsers(core.callAs().store, [id], null))[0] ?? null;

  const epochOf = async (id: string): Promise<number> => {
    const rows = await core
      .callAs()
      .store.query<{ epoch: number }>(
        sql`SELECT "credential_epoch" AS "epoch" FROM "users" WHERE "id" = ${id}`,
        {
          epoch: 'integer',
        },
      );
    return rows[0]?.epoch ?? 0;
  };

  const lastEvent = async (targetId: string) =>
    (await core.audit.list(core.callAs(), { targetId }, { first: 1 })).rows[0];

  describe('updating', () => {
    it('changes what is given, unsets null, leaves the rest and moves the version on', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'u1@x.io', name: 'A', nickname: 'n' });
      core.time.now += 1000;
      await core.users.update(core.callAs(), { id, name: 'B', nickname: null });
      expect(await read(id)).toMatchObject({
        name: 'B',
        nickname: null,
        email: 'u1@x.io',
        version: 2,
        updatedAt: core.time.now,
      });
      expect(await lastEvent(id)).toMatchObject({
        action: 'user.update',
        changedPaths: ['name', 'nickname'],
      });
    });

    it('changes nothing when the stored values are sent again', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'u2@x.io', name: 'Same' });
      await core.users.update(core.callAs(), { id, name: 'Same', email: 'U2@x.io' });
      expect(await read(id)).toMatchObject({ version: 1 });
    });

    it('refuses an outdated version', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'u3@x.io' });
      await core.users.update(core.callAs(), { id, name: 'First', ifVersion: 1 });
      await expect(
        core.users.update(core.callAs(), { id, name: 'Second', ifVersion: 1 }),
      ).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
      });
      expect(await read(id)).toMatchObject({ name: 'First' });
    });

    it('a new address is unverified, frees the old one and ends sessions', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'old@x.io', emailVerified: true });
      const ended: string[] = [];
      core.users.hooks.signedOut.push((_store, _call, userId) => Promise.resolve(void ended.push(userId)));
      await core.users.update(core.callAs(), { id, email: 'new@x.io' });
      expect(await read(id)).toMatchObject({ email: 'new@x.io', emailVerified: false });
      expect(await epochOf(id)).toBe(2);
      expect(ended).toEqual([id]);
      await core.users.create(core.callAs(), { email: 'old@x.io' });
      await expect(core.users.create(core.callAs(), { email: 'new@x.io' })).rejects.toMatchObject({
        code: 'CONFLICT',
      });
    });

    it('refuses to take away the last identifier and writes nothing', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'last@x.io' });
      await expect(core.users.update(core.callAs(), { id, email: null, name: 'X' })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
      });
      expect(await read(id)).toMatchObject({ email: 'last@x.io', name: null, version: 1 });
    });

    it('P3: refuses an attribute that a synchronising provider owns, and the whole change with it', async () => {
      await core.connections.ensure(core.callAs().store, {
        name: 'google-oauth2',
        strategy: 'google-oauth2',
      });
      const { id } = await core.users.create(core.callAs(), {
        connection: 'google-oauth2',
        providerUserId: 'p3',
        name: 'G',
      });
      await expect(
        core.users.update(core.callAs(), { id, name: 'H', phoneVerified: true }),
      ).rejects.toMatchObject({
        code: 'OPERATION_NOT_SUPPORTED',
        extensions: { attributes: ['name'], connection: 'google-oauth2' },
      });
      expect(await read(id)).toMatchObject({ name: 'G', phoneVerified: null });
    });

    it('P7: refuses to set the verified flag of an SMS user', async () => {
      await core.connections.ensure(core.callAs().store, { name: 'sms', strategy: 'sms' });
      const { id } = await core.users.create(core.callAs(), { connection: 'sms', phoneNumber: '+15550001' });
      await expect(core.users.update(core.callAs(), { id, emailVerified: true })).rejects.toMatchObject({
        code: 'OPERATION_NOT_SUPPORTED',
      });
    });

    it('is refused for an attribute that a stored rule or the blacklist forbids to write, null included', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'gate@x.io', nickname: 'kept' });
      const denied = {
        version: 2,
        blacklist: [{ scope: 'CONNECTION' as const, scopeId: 'main', name: 'given_name' }],
        rules: [
          {
            id: 'atr_1',
            name: 'no nicknames',
            effect: 'DENY' as const,
            actions: ['WRITE' as const],
            paths: ['nickname'],
            subject: {},
            object: { connections: ['main'] },
            mask: null,
          },
        ],
      };
      const call = core.callAs(administrator, denied);
      await expect(core.users.update(call, { id, nickname: null, name: 'X' })).rejects.toMatchObject({
        code: 'FORBIDDEN_ARGUMENT',
      });
      await expect(core.users.update(call, { id, givenName: 'G' })).rejects.toMatchObject({
        code: 'ATTRIBUTE_BLACKLISTED',
      });
      expect(await read(id)).toMatchObject({ nickname: 'kept', givenName: null, name: null });
    });
  });

  describe('blocking', () => {
    it('ends sessions once and is undone by unblocking', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'block@x.io' });
      await core.users.block(core.callAs(), id);
      await core.users.block(core.callAs(), id);
      expect(await read(id)).toMatchObject({ blocked: true, version: 2 });
      expect(await epochOf(id)).toBe(2);
      await core.users.unblock(core.callAs(), id);
      expect(await read(id)).toMatchObject({ blocked: false, version: 3 });
      expect(
        (await core.audit.list(core.callAs(), { targetId: id }, {})).rows.map((event) => event.action),
      ).toEqual(expect.arrayContaining(['user.block', 'user.unblock', 'user.create']));
    });

    it('undoes everything when a listener fails', async () => {
      const { id } = await core.users.create(core.callAs(), { email: 'undo@x.io' });
      core.users.hooks.signedOut.push((_store, _call, userId) =>
        userId === id ? Promise.reject(new Error('no')) : Promise.resolve(),
      );
      await expect(core.users.block(core.callAs(), id)).rejects.toThrow('no');
      expect(await read(id)).toMatchObject({ blocked: false, version: 1 });
    });
  });
});
