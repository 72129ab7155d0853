import { mintSession } from '#src/features/sessions/minting/mint-session';
import { eachDatabase } from '#test/support/databases';
import {
  loggedIn,
  openGateway,
  password,
  type Gateway,
  type Json,
} from '#test/features/sessions/support/gateway';

eachDatabase('passwords and changes of the user', (database) => {
  let gateway: Gateway;
  let userId: string;
  let email: string;
  let count = 0;

  beforeAll(async () => {
    gateway = await openGateway(database);
  });
  beforeEach(async () => {
    count += 1;
    email = `jane${count}@example.com`;
    userId = await gateway.givenUser(email, {
      username: `jane${count}`,
      phoneNumber: `+1415555${1000 + count}`,
    });
  });

  const rowOf = async (id: string): Promise<Json> => {
    const rows = await gateway.rows(
      'users',
      'id logins_count last_login last_ip credential_epoch last_password_reset',
    );
    return rows.find((row) => row.id === id);
  };
  const sessionsOf = async (id: string): Promise<Json[]> => {
    const rows = await gateway.rows('sessions', 'id user_id status end_reason secret_hash device');
    return rows.filter((row) => row.user_id === id);
  };
  const attempt = async (
    input: { identifier?: string; password?: string; connection?: string },
    ip = `192.0.2.${count}`,
  ) =>
    loggedIn(
      await gateway.sessions.signIn(
        gateway.call({ kind: 'anonymous', subject: 'anonymous', permissions: [] }),
        { identifier: email, password, ...input },
        { ip, userAgent: 'Browser/1.0', sessionCookie: undefined, cookieMode: 'persistent' },
      ),
    );

  describe('passwords', () => {
    it.each([
      ['short', 'elevenchars', ['TOO_SHORT']],
      ['long', 'x'.repeat(257), ['TOO_LONG']],
    ])('refuses a %s one and creates nobody', async (_, given, violations) => {
      const address = `weak${count}@example.com`;
      await expect(
        gateway.users.create(gateway.call(), { email: address, password: given }),
      ).rejects.toMatchObject({ code: 'PASSWORD_POLICY', extensions: { field: 'password', violations } });
      const users = await gateway.rows('users', 'email');
      expect(users.map((user) => user.email)).not.toContain(address);
    });

    it('replaces one: all sessions end and only the new one opens', async () => {
      const { secret } = await gateway.signIn(email);
      await gateway.passwords.set(gateway.call(), userId, 'another good password');
      expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('nothing');
      expect(await sessionsOf(userId)).toEqual([
        expect.objectContaining({ status: 'REVOKED', end_reason: 'security' }),
      ]);
      await expect(attempt({})).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
      expect((await attempt({ password: 'another good password' })).session.userId).toBe(userId);
      expect(Number((await rowOf(userId)).last_password_reset)).toBe(gateway.clock.time);
    });

    it('sets none for a user that does not exist', async () => {
      await expect(
        gateway.passwords.set(gateway.call(), 'auth0|nobody', 'another good password'),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  describe('a change between check and start', () => {
    it('refuses a proof that a new password has overtaken', async () => {
      const user = {
        userId,
        credentialEpoch: 1,
        methods: [{ name: 'pwd', timestamp: gateway.clock.time, connection: 'main' }],
        organizationId: null,
        clientId: null,
      };
      const browser = { ip: null, userAgent: null, cookieMode: 'persistent' } as const;
      const start = () =>
        gateway.storage
          .open()
          .transaction((store) =>
            mintSession(gateway.config.sessions, store, gateway.call(), { user, browser }),
          );
      expect((await start()).session.userId).toBe(userId);
      await gateway.passwords.set(gateway.call(), userId, 'another good password');
      await expect(start()).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    });
  });

  describe('changes of the user', () => {
    it('blocking ends every session with its reason', async () => {
      await gateway.signIn(email);
      await gateway.users.block(gateway.call(), userId);
      expect(await sessionsOf(userId)).toEqual([
        expect.objectContaining({ status: 'REVOKED', end_reason: 'blocked' }),
      ]);
    });

    it('deleting removes sessions and password', async () => {
      const { secret } = await gateway.signIn(email);
      await gateway.users.delete(gateway.call(), userId);
      expect(await sessionsOf(userId)).toEqual([]);
      expect((await gateway.rows('passwords', 'user_id')).map((row) => row.user_id)).not.toContain(userId);
      expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('nothing');
    });

    it('a new identifier ends every session when an administrator sets it', async () => {
      const { secret } = await gateway.signIn(email);
      await gateway.users.update(gateway.call(), { id: userId, email: `new${count}@example.com` });
      expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('nothing');
      expect((await sessionsOf(userId))[0]).toMatchObject({ status: 'REVOKED', end_reason: 'security' });
    });

    it('a new identifier that the user sets ends all sessions but the one in use', async () => {
      const own = await gateway.signIn(email);
      const other = await gateway.signIn(email);
      const caller = { kind: 'user', userId, subject: userId, sessionId: own.session.id } as const;
      await gateway.users.update(gateway.call(caller), { id: userId, email: `new${count}@example.com` });
      expect((await gateway.recognise({ sessionCookie: own.secret })).via).toBe('cookie');
      expect((await gateway.recognise({ sessionCookie: other.secret })).via).toBe('nothing');
    });
  });
});
