import type { TokenGrant } from '#src/features/sessions/tokens/access-token';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { eachDatabase } from '#test/support/databases';
import { hour, type Gateway } from '#test/features/sessions/support/gateway';
import { sceneOf, type Scene } from '#test/features/sessions/support/scene';

eachDatabase('recognising callers by token', (database) => {
  const scene = sceneOf(database);
  let gateway: Gateway;
  let userId: string;
  let secret: string;
  let sessionId: string;
  let roleId: string;
  let count: number;
  let bearer: Scene['bearer'];
  beforeEach(() => {
    ({ gateway, userId, secret, sessionId, roleId, count, bearer } = scene());
  });

  const withToken = async (grant: Partial<TokenGrant> = {}) =>
    gateway.recognise({ authorization: await bearer(grant) });
  const refusal = (reason: string) => ({ code: 'UNAUTHENTICATED', extensions: { reason } });

  describe('by bearer token', () => {
    it('knows a machine without asking the database, with exactly what its token names', async () => {
      const { principal, via, statements } = await withToken({
        subject: 'cli',
        clientId: 'cli',
        permissions: ['read:users', 'no:such'],
        roles: ['robot'],
      });
      expect([via, statements]).toEqual(['bearer', 0]);
      expect(principal).toMatchObject({ kind: 'machine', userId: null, subject: 'cli', sessionId: null });
      expect([...principal.permissions]).toEqual(['no:such', 'read:users']);
      expect([...principal.roles]).toEqual(['robot']);
    });

    it('knows a user in one statement where the rights of the roles are in memory', async () => {
      await withToken({ sessionId });
      const { principal, statements } = await withToken({ sessionId });
      expect(statements).toBe(1);
      expect(principal).toMatchObject({ kind: 'user', userId, sessionId, organizationId: null });
      expect([...principal.permissions]).toEqual(['read:sessions', 'read:users']);
      expect([...principal.roles]).toEqual(['support']);
    });

    it('cuts what the user holds to what the token names, and never adds', async () => {
      const { principal } = await withToken({
        permissions: ['read:users', 'delete:users'],
        roles: ['admin'],
      });
      expect([[...principal.permissions], [...principal.roles]]).toEqual([['read:users'], []]);
    });

    it('acts on a permission that was taken away at the next request, whatever the token lists', async () => {
      const authorization = await bearer({ permissions: ['read:users'] });
      expect((await gateway.recognise({ authorization })).principal.permissions.size).toBe(1);
      await gateway.assignments.removeRoles(gateway.call(), { id: userId, roleIds: [roleId] });
      expect((await gateway.recognise({ authorization })).principal.permissions.size).toBe(0);
    });

    it('beats the cookie, which is then not looked at', async () => {
      const other = await gateway.givenUser(`other${count}@example.com`);
      const authorization = await bearer({ subject: other });
      const { principal, via } = await gateway.recognise({ authorization, sessionCookie: secret });
      expect([principal.userId, principal.sessionId, via]).toEqual([other, null, 'bearer']);
      expect(principal.permissions.size).toBe(0);
    });

    it.each([
      ['Basic dXNlcjpwYXNz', 'AUTHORIZATION_INVALID'],
      ['Bearer', 'AUTHORIZATION_INVALID'],
      ['', 'AUTHORIZATION_INVALID'],
      ['Bearer one two', 'AUTHORIZATION_INVALID'],
      ['Bearer a.b.c', 'TOKEN_INVALID'],
    ])('refuses the header %j, and does not fall back to the cookie', async (authorization, reason) => {
      const recognised = gateway.recognise({ authorization, sessionCookie: secret });
      await expect(recognised).rejects.toMatchObject(refusal(reason));
    });

    it('refuses an expired token', async () => {
      const authorization = await bearer();
      gateway.clock.time += 900_000;
      await expect(gateway.recognise({ authorization })).rejects.toMatchObject(refusal('TOKEN_EXPIRED'));
    });

    it('refuses a token of a blocked user at once, and again after unblocking', async () => {
      const authorization = await bearer();
      await gateway.users.block(gateway.call(), userId);
      await expect(gateway.recognise({ authorization })).rejects.toMatchObject(refusal('TOKEN_REVOKED'));
      await gateway.users.unblock(gateway.call(), userId);
      await expect(gateway.recognise({ authorization })).rejects.toMatchObject(refusal('TOKEN_REVOKED'));
    });

    it('refuses a token of a deleted user', async () => {
      const authorization = await bearer();
      await gateway.users.delete(gateway.call(), userId);
      await expect(gateway.recognise({ authorization })).rejects.toMatchObject(refusal('TOKEN_REVOKED'));
    });

    it('refuses a token whose session has ended or is not the user’s', async () => {
      const other = await gateway.givenUser(`other${count}@example.com`);
      const foreign = await bearer({ subject: other, sessionId });
      await expect(gateway.recognise({ authorization: foreign })).rejects.toMatchObject(
        refusal('TOKEN_REVOKED'),
      );
      const own = await bearer({ sessionId });
      expect((await gateway.recognise({ authorization: own })).via).toBe('bearer');
      await gateway.sessions.revoke(gateway.call(), sessionId);
      await expect(gateway.recognise({ authorization: own })).rejects.toMatchObject(refusal('TOKEN_REVOKED'));
    });

    it('does not count as an interaction of its session', async () => {
      gateway.clock.time += 2 * hour;
      await withToken({ sessionId });
      await gateway.close();
      const rows = await gateway.rows('sessions', 'id last_interacted_at');
      const row = rows.find(({ id }) => id === sessionId);
      expect(Number(row.last_interacted_at)).toBe(gateway.clock.time - 2 * hour);
    });

    it('has a password change end it', async () => {
      const authorization = await bearer();
      await gateway.passwords.set(gateway.call(), userId, 'another good password');
      await expect(gateway.recognise({ authorization })).rejects.toMatchObject(refusal('TOKEN_REVOKED'));
      expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('nothing');
    });
  });

  describe('inside an organization', () => {
    let organizationId: string;

    beforeEach(async () => {
      const organization = await gateway.organizations.create(gateway.call(), { name: `acme-${count}` });
      organizationId = organization.id;
      await gateway.memberships.add(gateway.call(), { id: organizationId, userIds: [userId] });
    });

    it('has only what the membership brings', async () => {
      const editor = await gateway.givenRole(`editor ${count}`, ['update:users']);
      await gateway.memberRoles.add(gateway.call(), { organizationId, userId, roleIds: [editor] });
      await withToken({ organizationId });
      const { principal, statements } = await withToken({ organizationId });
      expect(principal.organizationId).toBe(organizationId);
      expect([...principal.permissions]).toEqual(['update:users']);
      expect([...principal.roles]).toEqual([`editor ${count}`]);
      expect(statements).toBe(1);
    });

    it('has nothing for who is no longer a member', async () => {
      const authorization = await bearer({ organizationId });
      await gateway.memberships.remove(gateway.call(), { id: organizationId, userIds: [userId] });
      const { principal } = await gateway.recognise({ authorization });
      expect([principal.organizationId, principal.permissions.size, principal.roles.size]).toEqual([
        organizationId,
        0,
        0,
      ]);
    });

    it('refuses a token of an organization that was deleted', async () => {
      const authorization = await bearer({ organizationId });
      await gateway.organizations.delete(gateway.call(), organizationId);
      await expect(gateway.recognise({ authorization })).rejects.toMatchObject(refusal('TOKEN_REVOKED'));
    });

    it('ends the sessions of an organization with it, so that none falls back to rights outside', async () => {
      await gateway.storage
        .open()
        .transaction((store) => store.update(SessionEntity, { id: sessionId }, { organizationId }));
      const inside = await gateway.recognise({ sessionCookie: secret });
      expect([inside.principal.organizationId, inside.principal.permissions.size]).toEqual([
        organizationId,
        0,
      ]);
      await gateway.organizations.delete(gateway.call(), organizationId);
      expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('nothing');
    });
  });

  describe('issuing', () => {
    it.each([
      ['an unknown user', { subject: 'auth0|nobody' }, 'userId'],
      ['an unknown organization', { organizationId: 'org_none' }, 'organizationId'],
    ])('refuses %s', async (_, grant, field) => {
      await expect(bearer(grant)).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        extensions: { field },
      });
    });

    it('refuses a blocked user and who is not a member', async () => {
      const { id: organizationId } = await gateway.organizations.create(gateway.call(), {
        name: `empty-${count}`,
      });
      await expect(bearer({ organizationId })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      await gateway.users.block(gateway.call(), userId);
      await expect(bearer()).rejects.toMatchObject({ extensions: { field: 'userId' } });
    });
  });
});
