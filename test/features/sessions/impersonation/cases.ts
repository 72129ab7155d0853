import { holds } from '#src/access/principal';
import type { SessionsConfig } from '#src/config/sessions';
import { startAudit } from '#src/features/audit/audit.feature';
import { ImpersonationEntity } from '#src/features/sessions/impersonation/impersonation.entity';
import { settleImpersonations } from '#src/features/sessions/impersonation/settle-impersonations';
import type { AttributeRule } from '#src/access/policy';
import { policy, type Json } from '#test/features/sessions/support/gateway';
import type { HttpScene, SceneTools } from '#test/features/sessions/support/http-scene';
import { browserHeaders, type Answer } from '#test/features/sessions/support/served';

const list = `query ($actorId: ID, $userId: ID, $first: Int, $after: String) {
  impersonations(actorId: $actorId, userId: $userId, first: $first, after: $after) {
    nodes { actorId userId clientId reason ticket ip sessionId requestedAt startedAt endedAt endReason }
    pageInfo { hasNextPage endCursor }
  }
}`;
const support = `mutation ($isAllowed: Boolean!) {
  updateSupportAccess(input: { isAllowed: $isAllowed }) { user { id allowsSupportAccess } }
}`;

export const redeem = `mutation ($input: RedeemImpersonationInput!) {
  redeemImpersonation(input: $input) { session { id current expiresAt } tokens { accessToken refreshToken expiresIn } }
}`;
export const stop = 'mutation { stopImpersonation { endedSessionId isRestored } }';
export const otp = { name: 'otp', connection: null };

type Headers = Record<string, string>;

/** A helper with the right to act for others, in front of the served gateway. */
export interface ImpersonationDesk extends Pick<SceneTools, 'browser' | 'machine'> {
  readonly scene: () => HttpScene;
  readonly admin: () => {
    readonly id: string;
    readonly headers: Headers;
    readonly secret: string;
    readonly userId: string;
  };
  readonly clientId: () => string;
  readonly ask: (query: string, headers: Headers, variables?: Json) => Promise<Answer>;
  readonly request: (more?: Json, headers?: Headers) => Promise<Answer>;
  readonly granted: () => Promise<string>;
  readonly cookiesOf: (cookies: readonly string[]) => Record<string, string>;
  readonly delegated: () => Promise<{
    readonly headers: { readonly cookie: string } & Headers;
    readonly jar: Record<string, string>;
    readonly id: string;
  }>;
}

/** How impersonations end, what bounds them, and what is kept of them. */
export function impersonationCases(desk: ImpersonationDesk): void {
  const { scene, admin, clientId, ask, request, granted, cookiesOf, delegated, browser, machine } = desk;

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

  it('5.4 what a rule hides from actors is hidden in a delegated session, and there alone', async () => {
    const hidden: AttributeRule = {
      ...{ id: 'atr_1', name: 'support', effect: 'MASK', actions: ['READ'], paths: ['email'] },
      ...{ subject: { impersonates: true }, object: {}, mask: 'EMAIL_LOCAL' },
    };
    const others: AttributeRule = {
      ...{ ...hidden, id: 'atr_2', effect: 'DENY', paths: ['given_name'], mask: null },
      subject: { impersonates: false },
    };
    const { headers } = await delegated();
    const own = await browser();
    const rules = [...policy.rules];
    Object.assign(policy, { rules: [hidden, others] });
    try {
      const read = '{ me { email givenName } }';
      const byActor = await ask(read, headers);
      expect(byActor.data.me.email).not.toBe(scene().email);
      expect(byActor.data.me.email).toMatch(/@example\.com$/);
      expect(byActor.codes).toEqual([]);
      const byUser = await ask(read, own.headers);
      expect([byUser.data.me.email, byUser.codes]).toEqual([scene().email, ['FORBIDDEN_FIELD']]);
    } finally {
      Object.assign(policy, { rules });
    }
  });

  it('5.4 the user is told by mail, at once or as much later as is set', async () => {
    const waits = async () =>
      (await scene().gateway.rows('jobs', 'type available_at created_at'))
        .filter(({ type }) => type === 'mail_delivery')
        .map((row) => Number(row.available_at) - Number(row.created_at));
    const before = (await waits()).length;
    given({ impersonationNoticeDelaySeconds: 86_400 });
    await delegated();
    given({ impersonationNoticeDelaySeconds: 0 });
    expect((await waits()).slice(before)).toEqual([86_400_000]);
  });

  it('5.5.2 a token that was granted at another address is refused, and stays good there', async () => {
    const token = await granted();
    const asked = (ip: string) =>
      scene()
        .gateway.storage.open()
        .transaction((store) => store.update(ImpersonationEntity, { userId: scene().userId }, { ip }));
    await asked('198.51.100.7');
    const elsewhere = await ask(redeem, admin().headers, { input: { token } });
    expect([elsewhere.codes, elsewhere.cookies]).toEqual([['IMPERSONATION_TOKEN_INVALID'], []]);
    await asked('127.0.0.1');
    expect((await ask(redeem, admin().headers, { input: { token } })).codes).toEqual([]);
  });

  it('5.5.7 is recorded once when its hour is over, and makes room for another', async () => {
    const { id } = await delegated();
    const { gateway } = scene();
    await settle();
    expect(await endings()).toEqual([]);
    gateway.clock.time += 3_600_000;
    const over = gateway.clock.time;
    gateway.clock.time += 30_000;
    expect([await settle(), await settle()]).toEqual([expect.any(Number), 0]);
    expect(await endings()).toEqual([
      {
        ...{ action: 'impersonation.expire', reason: 'session-expired' },
        ...{ actorId: admin().userId, sessionId: id, impersonationId: expect.stringMatching(/^imp_/) },
      },
    ]);
    const { data } = await ask(list, await machine('read:impersonations'), { userId: scene().userId });
    expect(data.impersonations.nodes).toMatchObject([
      { endReason: 'SESSION_EXPIRED', endedAt: new Date(over).toISOString(), sessionId: id },
    ]);
  });

  it('5.5.7 ends with the session of its actor, who may start again after a new sign-in', async () => {
    const { headers, id } = await delegated();
    await ask('mutation { signOut { logoutUrl } }', admin().headers);
    expect((await ask('{ me { id } }', headers)).codes).toEqual(['UNAUTHENTICATED']);
    const { gateway, count } = scene();
    const { session, secret } = await gateway.signIn(`admin${count}@example.com`);
    const call = gateway.call({
      ...{ kind: 'user', userId: admin().userId, subject: admin().userId, sessionId: session.id },
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
      tokens.slice(0, 3).map((token) => ask(redeem, admin().headers, { input: { token } })),
    );
    expect(answers.map(({ codes }) => codes[0] ?? 'started').sort()).toEqual([
      ...['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED', 'started'],
    ]);
  });

  it('5.5.9 the way back is sealed, of this impersonation alone, and leads back when the hour is over', async () => {
    const { headers, jar } = await delegated();
    expect(jar['gid_actor']).not.toContain(admin().secret);
    const asOwn = await ask('{ me { id } }', browserHeaders(jar['gid_actor']));
    expect(asOwn.codes).toEqual(['UNAUTHENTICATED']);
    scene().gateway.clock.time += 3_600_000;
    const foreign = { ...headers, cookie: headers.cookie.replace('gid_actor=', 'gid_actor=A') };
    expect((await ask(stop, foreign)).data.stopImpersonation.isRestored).toBe(false);
    const { data, cookies } = await ask(stop, headers);
    expect(data.stopImpersonation.isRestored).toBe(true);
    expect(cookiesOf(cookies)).toEqual({ gid_session: admin().secret, gid_actor: '' });
    const { expiresAt } = (await ask('{ currentSession { expiresAt } }', admin().headers)).data
      .currentSession;
    const kept = cookies.find((cookie) => cookie.startsWith('gid_session=')) ?? '';
    const seconds = Number(/Max-Age=(\d+)/.exec(kept)?.[1]);
    expect(seconds * 1_000).toBe(Date.parse(expiresAt) - scene().gateway.clock.time);
    expect((await ask(stop, browserHeaders())).codes).toEqual(['NOT_IMPERSONATING']);
  });

  it('1.7 takes no place among the sessions that the user may have', async () => {
    given({ maxPerUser: 1, denyBeyondLimit: true });
    try {
      const { headers } = await delegated();
      const own = await browser();
      expect((await ask('{ me { id } }', own.headers)).data.me.id).toBe(scene().userId);
      expect((await ask('{ me { id } }', headers)).data.me.id).toBe(scene().userId);
    } finally {
      given({ maxPerUser: 0, denyBeyondLimit: false });
    }
  });

  it('5.3 has the rights of both up to the ceiling, in the session and in its token', async () => {
    const { gateway, count, userId } = scene();
    const rights = ['read:users', 'update:users', 'impersonate:admins', 'impersonate:users'];
    const give = async (id: string, name: string, names: readonly string[]) =>
      gateway.assignments.addRoles(gateway.call(), {
        ...{ id, roleIds: [await gateway.givenRole(`${name}${count}`, names)] },
      });
    await give(userId, 'editor', ['read:users', 'update:users']);
    await give(admin().userId, 'over', rights);
    given({ impersonationCeiling: ['read:users', 'read:me:support'] });
    const token = await granted();
    const { data } = await ask(redeem, admin().headers, { input: { token, tokens: true } });
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
    expect((await ask(redeem, admin().headers, { input: { token } })).codes).toEqual([
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
    const { nodes } = (await ask(list, reader, { actorId: admin().userId })).data.impersonations;
    expect(nodes).toMatchObject([
      {
        ...{
          actorId: admin().userId,
          userId,
          clientId: clientId(),
          reason: 'Ticket 42: cannot pay',
          ticket: null,
        },
        ...{ endedAt: null, endReason: null },
      },
    ]);
    expect((await ask(list, reader, { userId: admin().userId })).data.impersonations.nodes).toEqual([]);
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
}
