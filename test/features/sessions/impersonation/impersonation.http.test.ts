import { delegableMutations } from '#src/access/delegation';
import { impersonationCases, otp, redeem, stop } from '#test/features/sessions/impersonation/cases';
import { organizationCases } from '#test/features/sessions/impersonation/organization-cases';
import { overHttp } from '#test/features/sessions/support/http-scene';
import type { Json } from '#test/features/sessions/support/gateway';
import { browserHeaders } from '#test/features/sessions/support/served';

const start = `mutation ($input: StartImpersonationInput!) { startImpersonation(input: $input) { token expiresAt } }`;

overHttp('acting in the name of a user', (scene, { input, browser, machine }) => {
  let clientId: string;
  let admin: {
    id: string;
    headers: Record<string, string>;
    secret: string;
    userId: string;
    roleIds: string[];
  };

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
    admin = { id: session.id, headers: browserHeaders(secret), secret, userId, roleIds };
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
    const listed = await ask('{ me { sessions { nodes { id actor { userId startedAt } } } } }', own.headers);
    const startedAt = new Date(scene().gateway.clock.time).toISOString();
    expect([listed.codes, listed.data.me.sessions.nodes]).toEqual([
      [],
      expect.arrayContaining([
        { id: own.id, actor: null },
        { id, actor: { userId: admin.userId, startedAt } },
      ]),
    ]);
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
    // Used up, though nothing is under way any more.
    const again = await ask(redeem, admin.headers, { input: { token } });
    expect([again.codes, again.cookies]).toEqual([['IMPERSONATION_TOKEN_INVALID'], []]);
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

  it('5.5.5 IM-01 nobody acts for himself, a blocked user, or one with rights over others', async () => {
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

  const loseRoles = () =>
    scene().gateway.assignments.removeRoles(scene().gateway.call(), {
      id: admin.userId,
      roleIds: admin.roleIds,
    });
  it('5.5.7 a token of it ends at once with the permission of the actor', async () => {
    const { data } = await ask(redeem, admin.headers, { input: { token: await granted(), tokens: true } });
    const bearer = { authorization: `Bearer ${data.redeemImpersonation.tokens.accessToken}` };
    expect((await ask('{ me { id } }', bearer)).data.me).toEqual({ id: scene().userId });
    await loseRoles();
    expect((await ask('{ me { id } }', bearer)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it.each<readonly [string, () => Promise<unknown>]>([
    ['the actor is blocked', () => scene().gateway.users.block(scene().gateway.call(), admin.userId)],
    ['the actor is deleted', () => scene().gateway.users.delete(scene().gateway.call(), admin.userId)],
    ['the actor signs out', () => ask('mutation { signOut { logoutUrl } }', admin.headers)],
    [
      'the actor has another password',
      () => scene().gateway.passwords.set(scene().gateway.call(), admin.userId, 'another good password'),
    ],
    ['the actor loses the permission', () => loseRoles()],
    ['the user is blocked', () => scene().gateway.users.block(scene().gateway.call(), scene().userId)],
    ['the user is deleted', () => scene().gateway.users.delete(scene().gateway.call(), scene().userId)],
    [
      'the user signs out everywhere else',
      async () => ask('mutation { revokeMyOtherSessions { revokedCount } }', (await browser()).headers),
    ],
  ])('5.5.7 ends at once when %s', async (_, event) => {
    const { headers } = await delegated();
    expect((await ask('{ me { id } }', headers)).data.me).toEqual({ id: scene().userId });
    await event();
    expect((await ask('{ me { id } }', headers)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('5.5.7 lasts an hour, and one at a time', async () => {
    const { headers } = await delegated();
    expect((await request()).codes).toEqual(['LIMIT_EXCEEDED']);
    scene().gateway.clock.time += 3_600_000;
    expect((await ask('{ me { id } }', headers)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('5.5.9 SES-02 stopping gives the own session back as it was', async () => {
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

  impersonationCases({
    ...{ scene, browser, machine, ask, request, granted, cookiesOf, delegated },
    admin: () => admin,
    clientId: () => clientId,
  });
  describe('by a role inside an organization', () => organizationCases({ scene, ask, request }));
});
