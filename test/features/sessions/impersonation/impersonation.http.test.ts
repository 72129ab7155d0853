import { delegableMutations } from '#src/access/delegation';
import { holds } from '#src/access/principal';
import { settleImpersonations } from '#src/features/sessions/impersonation/settle-impersonations';
import { startAudit } from '#src/features/audit/audit.feature';
import type { SessionsConfig } from '#src/config/sessions';
import { overHttp } from '#test/features/sessions/support/http-scene';
import type { Json } from '#test/features/sessions/support/gateway';
import { browserHeaders } from '#test/features/sessions/support/served';

const start = `mutation ($input: StartImpersonationInput!) { startImpersonation(input: $input) { token expiresAt } }`;
const redeem = `mutation ($input: RedeemImpersonationInput!) {
  redeemImpersonation(input: $input) { session { id current expiresAt } tokens { accessToken refreshToken expiresIn } }
}`;
const stop = 'mutation { stopImpersonation { endedSessionId isRestored } }';
const list = `query ($actorId: ID, $userId: ID, $first: Int, $after: String) {
  impersonations(actorId: $actorId, userId: $userId, first: $first, after: $after) {
    nodes { actorId userId clientId reason ticket ip sessionId requestedAt startedAt endedAt endReason }
    pageInfo { hasNextPage endCursor }
  }
}`;
const support = `mutation ($isAllowed: Boolean!) {
  updateSupportAccess(input: { isAllowed: $isAllowed }) { user { id allowsSupportAccess } }
}`;
const otp = { name: 'otp', connection: null };

overHttp('acting in the name of a user', (scene, { input, browser, machine }) => {
  let clientId: string;
  let admin: { id: string; headers: Record<string, string>; secret: string; userId: string };

  beforeEach(async () => {
    const { gateway, count } = scene();
    const made = await gateway.applications.applications.create(gateway.call(), {
      name: `Help ${count}`,
      type: 'SINGLE_PAGE',
      allowDelegatedAccess: true,
    });
    clientId = made.application.id;
    const email = `admin${count}@example.com`;
    const userId = await gateway.givenUser(email);
    const roleIds = [
      await gateway.givenRole(`helper${count}`, ['impersonate:users', 'read:users', 'update:users']),
    ];
    await gateway.assignments.addRoles(gateway.call(), { id: userId, roleIds });
    const { session, secret } = await gateway.signIn(email);
    const call = gateway.call({ kind: 'user', userId, subject: userId, sessionId: session.id });
    await call.store.transaction((store) =>
      gateway.sessions.addAuthenticationMethod(store, call, session.id, otp),
    );
    admin = { id: session.id, headers: browserHeaders(secret), secret, userId };
  });
  const ask = (query: string, headers: Record<string, string>, variables: Json = {}) =>
    scene().served.ask(query, { headers, variables });
  const request = (more: Json = {}, headers = admin.headers) =>
    ask(start, headers, {
      input: { userId: scene().userId, clientId, reason: 'Ticket 42: cannot pay', ...more },
    });
  const granted = async (): Promise<string> => (await request()).data.startImpersonation.token;
  const cookiesOf = (cookies: readonly string[]) =>
    Object.fromEntries(
      cookies.map((cookie) => [cookie.split('=')[0] as string, /=([^;]*)/.exec(cookie)?.[1] ?? '']),
    );
  const delegated = async () => {
    const { data, errors, cookies } = await ask(redeem, admin.headers, { input: { token: await granted() } });
    expect(errors).toEqual([]);
    const jar = cookiesOf(cookies);
    const headers = {
      ...browserHeaders(),
      cookie: `gid_session=${jar['gid_session']}; gid_actor=${jar['gid_actor']}`,
    };
    return { headers, jar, id: data.redeemImpersonation.session.id as string };
  };

  /** Settings for one test. */
  const given = (settings: Partial<SessionsConfig>) =>
    Object.assign(scene().gateway.config.sessions, settings);
  afterEach(() => given({ impersonationCeiling: ['*'], impersonationNotice: true, supportOptOut: false }));
  const settle = () => {
    const { gateway } = scene();
    const parts = { ...startAudit(), config: gateway.config.sessions };
    return gateway.storage.open().transaction((store) => settleImpersonations(parts, store, gateway.call()));
  };
  const endings = async () =>
    (await scene().gateway.rows('audit_events', 'action target_id details'))
      .filter((row) => row.target_id === scene().userId && /expire|end$/.test(row.action))
      .map(({ action, details }) => ({ action, ...JSON.parse(details) }));

  it('5.5.1 needs a reason, a fresh second factor and an application that allows it', async () => {
    expect((await request({ reason: ' ' })).codes).toEqual(['VALIDATION_FAILED']);
    expect((await request({ reason: 'x'.repeat(501) })).codes).toEqual(['VALIDATION_FAILED']);
    const weak = await scene().gateway.signIn(`admin${scene().count}@example.com`);
    expect((await request({}, browserHeaders(weak.secret))).codes).toEqual(['STEP_UP_REQUIRED']);
    const closed = await scene().gateway.applications.applications.create(scene().gateway.call(), {
      name: 'Closed',
      type: 'SINGLE_PAGE',
    });
    expect((await request({ clientId: closed.application.id })).codes).toEqual(['FORBIDDEN']);
    scene().gateway.clock.time += 16 * 60_000;
    expect((await request()).codes).toEqual(['REAUTHENTICATION_REQUIRED']);
  });

  it('the browser becomes the user, says so, and is nobody else', async () => {
    const { headers, id } = await delegated();
    const { data } = await ask(
      '{ me { id } currentSession { id } impersonation { actorId userId reason } }',
      headers,
    );
    expect(data).toEqual({
      me: { id: scene().userId },
      currentSession: { id },
      impersonation: { actorId: admin.userId, userId: scene().userId, reason: 'Ticket 42: cannot pay' },
    });
    const own = await browser();
    expect((await ask('{ impersonation { actorId } }', own.headers)).data.impersonation).toBeNull();
    const mails = await scene().gateway.rows('outbox_messages', 'recipient template');
    expect(mails).toContainEqual({ recipient: scene().email, template: 'impersonation-started' });
  });

  it('5.5.2 a token is good once, for a minute, from the same address', async () => {
    const token = await granted();
    const both = await Promise.all([1, 2, 3].map(() => ask(redeem, admin.headers, { input: { token } })));
    expect(both.filter(({ data }) => data?.redeemImpersonation).length).toBe(1);
    const { gateway } = scene();
    await gateway.storage
      .open()
      .transaction((store) =>
        gateway.sessions.endForEvent(store, gateway.call(), scene().userId, 'password-reset'),
      );
    const late = await granted();
    gateway.clock.time += 60_000;
    expect((await ask(redeem, admin.headers, { input: { token: late } })).codes).toEqual([
      'IMPERSONATION_TOKEN_INVALID',
    ]);
    expect((await ask(redeem, admin.headers, { input: { token: 'imp_x' } })).codes).toEqual([
      'IMPERSONATION_TOKEN_INVALID',
    ]);
  });

  it('5.5.3 and 5.5.8 a token names who acts, whatever claims are added, and no refresh token is made', async () => {
    const { claims: hooks } = scene().gateway.feature.mintHooks;
    hooks.push(() =>
      Promise.resolve({ act: undefined, sub: 'auth0|other', 'https://example.com/team': 'a', epoch: -1 }),
    );
    const token = await granted();
    const { data } = await ask(redeem, admin.headers, { input: { token, tokens: true } });
    hooks.pop();
    const { accessToken, refreshToken, expiresIn } = data.redeemImpersonation.tokens;
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ sub: scene().userId, act: { sub: admin.userId }, amr: [] });
    expect([refreshToken, expiresIn <= 900]).toEqual([null, true]);
    const bearer = { authorization: `Bearer ${accessToken}` };
    expect(claims['https://example.com/team']).toBe('a');
    expect((await ask('{ impersonation { actorId } }', bearer)).data.impersonation).toEqual({
      actorId: admin.userId,
    });
    expect(await scene().gateway.rows('refresh_families', 'user_id')).not.toContainEqual({
      user_id: scene().userId,
    });
  });

  it('5.5.4, 5.5.6 and B36 every mutation that was not decided about is refused', async () => {
    const { headers } = await delegated();
    const schema = scene().served.schema.open.getMutationType();
    const names = Object.keys(schema?.getFields() ?? {});
    expect(names).toEqual(
      expect.arrayContaining(['startImpersonation', 'updateUser', 'revokeSession', 'signIn']),
    );
    // Those that are allowed come last: two of them end the session.
    const sorted = [...names].sort(
      (a, b) => Number(delegableMutations.has(a)) - Number(delegableMutations.has(b)),
    );
    for (const name of sorted) {
      const field = schema?.getFields()[name];
      const args = (field?.args ?? []).map((arg) => `$${arg.name}: ${String(arg.type)}`);
      const given = (field?.args ?? []).map((arg) => `${arg.name}: $${arg.name}`);
      const document = `mutation ${args.length > 0 ? `(${args.join(', ')})` : ''} { ${name}${given.length > 0 ? `(${given.join(', ')})` : ''} { __typename } }`;
      const { codes } = await ask(document, headers);
      const isRefused = codes.includes('DELEGATED_SESSION_FORBIDDEN');
      expect([name, isRefused]).toEqual([name, !delegableMutations.has(name)]);
    }
  });

  it('5.5.5 nobody acts for himself, a blocked user, or one with rights over others', async () => {
    const { gateway, userId, count } = scene();
    expect((await request({ userId: admin.userId })).codes).toEqual(['FORBIDDEN']);
    expect((await request({ userId: 'auth0|nobody' })).codes).toEqual(['NOT_FOUND']);
    const roleIds = [await gateway.givenRole(`reader${count}`, ['read:users'])];
    await gateway.assignments.addRoles(gateway.call(), { id: userId, roleIds });
    expect((await request()).codes).toEqual(['FORBIDDEN']);
    await gateway.users.block(gateway.call(), userId);
    expect((await request()).codes).toEqual(['FORBIDDEN']);
    const events = await gateway.rows('audit_events', 'action actor_id');
    expect(events).toContainEqual({ action: 'impersonation.deny', actor_id: admin.userId });
  });

  it('5.5.7 ends at once with the actor: blocked, signed out or without the permission', async () => {
    const { gateway } = scene();
    const { headers } = await delegated();
    expect((await ask('{ me { id } }', headers)).data.me).toEqual({ id: scene().userId });
    await gateway.users.block(gateway.call(), admin.userId);
    expect((await ask('{ me { id } }', headers)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('5.5.7 lasts an hour, and one at a time', async () => {
    const { headers } = await delegated();
    expect((await request()).codes).toEqual(['LIMIT_EXCEEDED']);
    scene().gateway.clock.time += 3_600_000;
    expect((await ask('{ me { id } }', headers)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('5.5.9 stopping gives the own session back as it was', async () => {
    const { headers, id } = await delegated();
    const before = await scene().gateway.rows('sessions', 'id expires_at status');
    const { data, cookies } = await ask(stop, headers);
    expect(data.stopImpersonation).toEqual({ endedSessionId: id, isRestored: true });
    expect(cookiesOf(cookies)).toEqual({ gid_session: admin.secret, gid_actor: '' });
    const after = await scene().gateway.rows('sessions', 'id expires_at status end_reason');
    const own = after.find((row) => row.id === admin.id);
    expect(own.expires_at).toBe(before.find((row) => row.id === admin.id).expires_at);
    expect(after.find((row) => row.id === id)).toMatchObject({
      status: 'ENDED',
      end_reason: 'impersonation-stopped',
    });
    expect((await ask('{ me { id } }', admin.headers)).data.me).toEqual({ id: admin.userId });
    expect((await ask(stop, admin.headers)).codes).toEqual(['NOT_IMPERSONATING']);
  });

  it('5.5.10 and 5.5.11 records name both, and nothing counts as a sign-in of the user', async () => {
    const { gateway, userId } = scene();
    await scene().served.ask('mutation ($input: SignInInput!) { signIn(input: $input) { user { id } } }', {
      variables: input(),
    });
    const logins = async () =>
      (await gateway.rows('users', 'id logins_count last_login last_ip')).find((row) => row.id === userId);
    const before = await logins();
    gateway.clock.time += 1_000;
    const { headers } = await delegated();
    await ask(stop, headers);
    expect(await logins()).toEqual(before);
    const events = await gateway.rows('audit_events', 'action actor_id details');
    const stopped = events.find(
      (row) => row.action === 'impersonation.stop' && row.actor_id === admin.userId,
    );
    expect([stopped.actor_id, JSON.parse(stopped.details)]).toEqual([admin.userId, { onBehalfOf: userId }]);
  });

  it('5.5.7 is recorded once when its hour is over, and makes room for another', async () => {
    const { id } = await delegated();
    const { gateway } = scene();
    await settle();
    expect(await endings()).toEqual([]);
    gateway.clock.time += 3_600_000;
    const over = gateway.clock.time;
    gateway.clock.time += 30_000;
    expect([await settle(), await settle()]).toEqual([1, 0]);
    expect(await endings()).toEqual([
      {
        ...{ action: 'impersonation.expire', reason: 'session-expired' },
        ...{ actorId: admin.userId, sessionId: id, impersonationId: expect.stringMatching(/^imp_/) },
      },
    ]);
    const { data } = await ask(list, await machine('read:impersonations'), { userId: scene().userId });
    expect(data.impersonations.nodes).toMatchObject([
      { endReason: 'session-expired', endedAt: new Date(over).toISOString(), sessionId: id },
    ]);
  });

  it('5.5.7 ends with the session of its actor, who may start again after a new sign-in', async () => {
    const { headers, id } = await delegated();
    await ask('mutation { signOut { logoutUrl } }', admin.headers);
    expect((await ask('{ me { id } }', headers)).codes).toEqual(['UNAUTHENTICATED']);
    const { gateway, count } = scene();
    const { session, secret } = await gateway.signIn(`admin${count}@example.com`);
    const call = gateway.call({
      ...{ kind: 'user', userId: admin.userId, subject: admin.userId, sessionId: session.id },
    });
    await call.store.transaction((store) =>
      gateway.sessions.addAuthenticationMethod(store, call, session.id, otp),
    );
    expect((await request({}, browserHeaders(secret))).codes).toEqual([]);
    expect(await endings()).toMatchObject([
      { action: 'impersonation.end', reason: 'impersonation-lapsed', sessionId: id },
    ]);
    expect(await gateway.rows('sessions', 'id status end_reason')).toContainEqual({
      ...{ id, status: 'REVOKED', end_reason: 'impersonation-lapsed' },
    });
  });

  it('5.4 the twenty-first of a day and a second one at a time are refused', async () => {
    const tokens: string[] = [];
    for (let n = 0; n < 20; n += 1) tokens.push(await granted());
    const { errors } = await request();
    expect(errors.map((error) => [error.extensions.code, error.extensions.limit])).toEqual([
      ['LIMIT_EXCEEDED', 20],
    ]);
    const answers = await Promise.all(
      tokens.slice(0, 3).map((token) => ask(redeem, admin.headers, { input: { token } })),
    );
    expect(answers.map(({ codes }) => codes[0] ?? 'started').sort()).toEqual([
      ...['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED', 'started'],
    ]);
  });

  it('5.5.9 the way back is sealed, of this impersonation alone, and leads back when the hour is over', async () => {
    const { headers, jar } = await delegated();
    expect(jar['gid_actor']).not.toContain(admin.secret);
    const asOwn = await ask('{ me { id } }', browserHeaders(jar['gid_actor']));
    expect(asOwn.codes).toEqual(['UNAUTHENTICATED']);
    scene().gateway.clock.time += 3_600_000;
    const foreign = { ...headers, cookie: headers.cookie.replace('gid_actor=', 'gid_actor=A') };
    expect((await ask(stop, foreign)).data.stopImpersonation.isRestored).toBe(false);
    const { data, cookies } = await ask(stop, headers);
    expect(data.stopImpersonation.isRestored).toBe(true);
    expect(cookiesOf(cookies)).toEqual({ gid_session: admin.secret, gid_actor: '' });
    const { expiresAt } = (await ask('{ currentSession { expiresAt } }', admin.headers)).data.currentSession;
    const kept = cookies.find((cookie) => cookie.startsWith('gid_session=')) ?? '';
    const seconds = Number(/Max-Age=(\d+)/.exec(kept)?.[1]);
    expect(seconds * 1_000).toBe(Date.parse(expiresAt) - scene().gateway.clock.time);
    expect((await ask(stop, browserHeaders())).codes).toEqual(['NOT_IMPERSONATING']);
  });

  it('5.3 has the rights of both up to the ceiling, in the session and in its token', async () => {
    const { gateway, count, userId } = scene();
    const rights = ['read:users', 'update:users', 'impersonate:admins', 'impersonate:users'];
    const give = async (id: string, name: string, names: readonly string[]) =>
      gateway.assignments.addRoles(gateway.call(), {
        ...{ id, roleIds: [await gateway.givenRole(`${name}${count}`, names)] },
      });
    await give(userId, 'editor', ['read:users', 'update:users']);
    await give(admin.userId, 'over', rights);
    given({ impersonationCeiling: ['read:users', 'read:me:support'] });
    const token = await granted();
    const { data } = await ask(redeem, admin.headers, { input: { token, tokens: true } });
    const { accessToken } = data.redeemImpersonation.tokens;
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString());
    expect(claims.permissions).toEqual(['read:users']);
    const { principal } = await gateway.recognise({ authorization: `Bearer ${accessToken}` });
    expect([[...principal.permissions], holds(principal, 'update:me:support_access')]).toEqual([
      ...[['read:users'], false],
    ]);
  });

  it('a user who refuses it is left alone, at once', async () => {
    const own = await browser();
    expect((await ask(support, own.headers, { isAllowed: false })).codes).toEqual([
      'OPERATION_NOT_SUPPORTED',
    ]);
    given({ supportOptOut: true, impersonationNotice: false });
    const before = await scene().gateway.rows('outbox_messages', 'template');
    const { headers } = await delegated();
    expect(await scene().gateway.rows('outbox_messages', 'template')).toEqual(before);
    expect((await ask(support, headers, { isAllowed: true })).codes).toEqual(['DELEGATED_SESSION_FORBIDDEN']);
    const { data } = await ask(support, own.headers, { isAllowed: false });
    expect(data.updateSupportAccess.user.allowsSupportAccess).toBe(false);
    expect((await ask('{ me { id } }', headers)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await request()).codes).toEqual(['FORBIDDEN']);
    await ask(support, own.headers, { isAllowed: true });
    const token = await granted();
    await ask(support, own.headers, { isAllowed: false });
    expect((await ask(redeem, admin.headers, { input: { token } })).codes).toEqual([
      'IMPERSONATION_TOKEN_INVALID',
    ]);
    given({ supportOptOut: false });
    expect((await request()).codes).toEqual([]);
  });

  it('is listed for who may read it, by actor and user, in pages', async () => {
    const { gateway, userId } = scene();
    gateway.clock.time += 1_000;
    await delegated();
    const reader = await machine('read:impersonations');
    expect((await ask(list, await machine('read:sessions'))).codes).toEqual(['FORBIDDEN_FIELD']);
    const { nodes } = (await ask(list, reader, { actorId: admin.userId })).data.impersonations;
    expect(nodes).toMatchObject([
      {
        ...{ actorId: admin.userId, userId, clientId, reason: 'Ticket 42: cannot pay', ticket: null },
        ...{ endedAt: null, endReason: null },
      },
    ]);
    expect((await ask(list, reader, { userId: admin.userId })).data.impersonations.nodes).toEqual([]);
    const first = (await ask(list, reader, { first: 1 })).data.impersonations;
    const after = first.pageInfo.endCursor;
    const second = (await ask(list, reader, { first: 1, after })).data.impersonations;
    expect([first.nodes[0].userId, first.pageInfo.hasNextPage]).toEqual([userId, true]);
    expect(second.nodes.map((node: Json) => node.userId === userId)).toEqual([false]);
    const { id } = await gateway.organizations.create(gateway.call(), { name: `acme${scene().count}` });
    const { token } = await gateway.feature.issueToken({
      ...{ subject: 'desk', clientId: 'desk', permissions: ['read:impersonations'], roles: [] },
      ...{ lifetimeSeconds: 900, organizationId: id },
    });
    const within = await ask(list, { authorization: `Bearer ${token}` });
    expect(within.data.impersonations.nodes).toEqual([]);
  });
});
