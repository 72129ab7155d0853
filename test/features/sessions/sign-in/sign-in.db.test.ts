import { hash, type verify } from '@node-rs/argon2';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { eachDatabase } from '#test/support/databases';
import {
  loggedIn,
  openGateway,
  password,
  type Gateway,
  type Json,
} from '#test/features/sessions/support/gateway';
import { hashSecret } from '#src/shared/secret-hash';

eachDatabase('signing in', (database) => {
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

  it('1.11.1 makes one session for each browser, with different ids and secrets that are not stored', async () => {
    const first = await gateway.signIn(email, { userAgent: 'Laptop' });
    const second = await gateway.signIn(email, { userAgent: 'Phone', ip: '192.0.2.77' });
    expect(first.session.id).not.toBe(second.session.id);
    expect(first.secret).not.toBe(second.secret);
    const rows = await sessionsOf(userId);
    expect(rows.map((row) => row.status)).toEqual(['ACTIVE', 'ACTIVE']);
    expect(rows.map((row) => row.secret_hash).sort()).toEqual(
      [first.secret, second.secret].map(hashSecret).sort(),
    );
    for (const { secret } of [first, second]) expect(JSON.stringify(rows)).not.toContain(secret);
    expect(second.session.device).toEqual({
      initialIp: '192.0.2.77',
      initialUserAgent: 'Phone',
      lastIp: '192.0.2.77',
      lastUserAgent: 'Phone',
    });
  });

  it('counts each sign-in', async () => {
    expect((await rowOf(userId)).logins_count).toBeNull();
    await gateway.signIn(email);
    await gateway.signIn(email, { ip: '192.0.2.9' });
    expect(await rowOf(userId)).toMatchObject({ last_ip: '192.0.2.9' });
    expect(Number((await rowOf(userId)).logins_count)).toBe(2);
    expect(Number((await rowOf(userId)).last_login)).toBe(gateway.clock.time);
  });

  it.each([
    ['e-mail address', () => email.toUpperCase()],
    ['username', () => `JANE${count}`],
    ['phone number', () => `+1415555${1000 + count}`],
  ])('finds the user by %s, in any case', async (_, identifier) => {
    expect((await attempt({ identifier: identifier() })).session.userId).toBe(userId);
  });

  it('answers an unknown user, a wrong password, a blocked user and a user without a password alike', async () => {
    const { id: bare } = await gateway.users.create(gateway.call(), { email: `bare${count}@example.com` });
    const refusals = [
      await attempt({ identifier: 'nobody@example.com' }).catch((error: unknown) => error),
      await attempt({ password: 'wrong wrong wrong' }).catch((error: unknown) => error),
      await attempt({ identifier: `bare${count}@example.com` }).catch((error: unknown) => error),
      await attempt({ connection: 'no-such-connection' }).catch((error: unknown) => error),
    ];
    await gateway.users.block(gateway.call(), userId);
    refusals.push(await attempt({}).catch((error: unknown) => error));
    const seen = refusals.map((error) => {
      const { code, message, extensions } = error as Json;
      return JSON.stringify([code, message, extensions]);
    });
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toContain('INVALID_CREDENTIALS');
    expect([...(await sessionsOf(userId)), ...(await sessionsOf(bare))]).toEqual([]);
  });

  it('counts the attempt of a blocked user and makes no session', async () => {
    await gateway.signIn(email);
    await gateway.users.block(gateway.call(), userId);
    gateway.clock.time += 60_000;
    await expect(attempt({})).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    const row = await rowOf(userId);
    expect([Number(row.logins_count), Number(row.last_login)]).toEqual([2, gateway.clock.time]);
    expect((await sessionsOf(userId)).filter((session) => session.status === 'ACTIVE')).toEqual([]);
    const events = await gateway.rows('audit_events', 'action actor_id result');
    expect(
      events.filter((event) => event.actor_id === userId).map(({ action, result }) => [action, result]),
    ).toEqual(expect.arrayContaining([['session.sign_in', 'denied']]));
  });

  it('does not count wrong passwords as sign-ins', async () => {
    await expect(attempt({ password: 'wrong wrong wrong' })).rejects.toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    expect((await rowOf(userId)).logins_count).toBeNull();
  });

  it('hashes a password once for an unknown user too', async () => {
    const checks = jest.spyOn(jest.requireActual<{ verify: typeof verify }>('@node-rs/argon2'), 'verify');
    const checksFor = async (identifier: string): Promise<number> => {
      checks.mockClear();
      await attempt({ identifier, password: 'wrong wrong wrong' }, '192.0.2.200').catch(() => undefined);
      return checks.mock.calls.length;
    };
    expect([await checksFor(email), await checksFor('x@example.com')]).toEqual([1, 1]);
    checks.mockRestore();
  });

  it('ends the session that the browser brought along', async () => {
    const first = await gateway.signIn(email);
    const second = await gateway.signIn(email, { cookie: first.secret });
    const rows = await sessionsOf(userId);
    expect(rows.find(({ id }) => id === first.session.id)).toMatchObject({
      status: 'ENDED',
      end_reason: 'replaced',
    });
    expect(rows.find(({ id }) => id === second.session.id)).toMatchObject({ status: 'ACTIVE' });
    expect((await gateway.recognise({ sessionCookie: first.secret })).via).toBe('nothing');
  });

  it('leaves the session that the browser brought along when the password is wrong', async () => {
    const first = await gateway.signIn(email);
    const call = gateway.call({ kind: 'anonymous', subject: 'anonymous', permissions: [] });
    const browser = {
      ip: null,
      userAgent: null,
      sessionCookie: first.secret,
      cookieMode: 'persistent',
    } as const;
    await expect(
      gateway.sessions.signIn(call, { identifier: email, password: 'wrong wrong wrong' }, browser),
    ).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect((await gateway.recognise({ sessionCookie: first.secret })).via).toBe('cookie');
  });

  it('locks out guesses from one address after ten, the right one included, and no other address', async () => {
    for (let index = 0; index < 10; index += 1) {
      await expect(attempt({ password: 'wrong wrong wrong' })).rejects.toMatchObject({
        code: 'INVALID_CREDENTIALS',
      });
    }
    await expect(attempt({})).rejects.toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      extensions: { retryAfter: 30 * 86_400 },
    });
    expect((await attempt({}, '198.51.100.7')).session.userId).toBe(userId);
    gateway.clock.time += 30 * 86_400_000;
    expect((await attempt({})).session.userId).toBe(userId);
  });

  it.each([
    ['an empty identifier', { identifier: '' }, 'identifier'],
    ['a long identifier', { identifier: 'x'.repeat(321) }, 'identifier'],
    ['a long password', { password: 'x'.repeat(257) }, 'password'],
  ])('refuses %s, which is no attempt', async (_, input, field) => {
    for (let index = 0; index < 11; index += 1) {
      await expect(attempt(input)).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        extensions: { field },
      });
    }
    expect((await attempt({})).session.userId).toBe(userId);
  });

  it.each([
    ['empty', ''],
    ['NUL', '\u0000'],
    ['right one with a NUL behind it', `${password}\u0000`],
    ['right one with more behind a NUL', `${password}\u0000more`],
  ])('bad input: the %s password is a wrong one', async (_, wrong) => {
    await expect(attempt({ password: wrong })).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect((await attempt({})).session.userId).toBe(userId);
  });

  it('refuses an identifier that no database could hold', async () => {
    await expect(attempt({ identifier: 'a\u0000b' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('refuses a connection that is switched off', async () => {
    const setEnabled = (isEnabled: boolean) =>
      gateway.storage
        .open()
        .transaction((store) => store.update(ConnectionEntity, { name: 'main' }, { isEnabled }));
    await setEnabled(false);
    await expect(attempt({})).rejects.toMatchObject({ code: 'CONNECTION_DISABLED' });
    await setEnabled(true);
  });

  it('8.3 a pepper goes into the hash at the next sign-in, another takes its place, and without it the hash opens to nothing', async () => {
    const pepper = (kid: string) => ({ kid, key: Buffer.alloc(32, kid) });
    const [one, two] = [pepper('one'), pepper('two')];
    const hashOf = async () =>
      (await gateway.rows('passwords', 'user_id hash')).find((row) => row.user_id === userId).hash;
    const expected: readonly (readonly [readonly (typeof one)[], string])[] = [
      [[one], '$pepper$one$argon2id$v=19$m=19456'],
      [[two, one], '$pepper$two$argon2id$v=19$m=19456'],
      [[two], '$pepper$two$argon2id$v=19$m=19456'],
    ];
    for (const [peppers, form] of expected) {
      await (await openGateway(database, { peppers })).signIn(email);
      expect((await hashOf()).slice(0, form.length)).toBe(form);
    }
    await expect(attempt({})).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  it('hashes anew what was hashed with other parameters', async () => {
    const weak = await hash(password, { memoryCost: 8_192, timeCost: 1 });
    const store = gateway.storage.open();
    await store.transaction((inside) => inside.update(PasswordEntity, { userId }, { hash: weak }));
    await gateway.signIn(email);
    const rows = await gateway.rows('passwords', 'user_id hash');
    expect(rows.find((row) => row.user_id === userId).hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await gateway.signIn(email)).session.userId).toBe(userId);
    expect((await rowOf(userId)).last_password_reset).toBeNull();
  });

  it('keeps a persistent cookie until the session ends and any other one only while the browser runs', async () => {
    const {
      setCookies: [setCookie],
      session,
    } = await gateway.signIn(email);
    expect(session.cookieMode).toBe('persistent');
    expect(setCookie).toMatch(/; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
    const call = gateway.call({ kind: 'anonymous', subject: 'anonymous', permissions: [] });
    const browser = {
      ip: null,
      userAgent: null,
      sessionCookie: undefined,
      cookieMode: 'non-persistent',
    } as const;
    const short = loggedIn(await gateway.sessions.signIn(call, { identifier: email, password }, browser));
    expect(short.setCookies[0]).not.toMatch(/Max-Age|Expires/i);
    expect(short.session.expiresAt - short.session.createdAt).toBe(12 * 3_600_000);
  });

  it('writes one audit record, by the user, with neither password nor identifier', async () => {
    const { session } = await gateway.signIn(email);
    const events = await gateway.rows(
      'audit_events',
      'action actor_kind actor_id session_id target_id details',
    );
    const own = events.filter((event) => event.actor_id === userId);
    expect(own).toEqual([
      expect.objectContaining({
        action: 'session.sign_in',
        actor_kind: 'user',
        session_id: session.id,
        target_id: session.id,
      }),
    ]);
    expect(JSON.stringify(own)).not.toMatch(new RegExp(`${password}|${email}`));
  });
});
