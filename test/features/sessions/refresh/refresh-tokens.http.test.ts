import type { SessionsConfig } from '#src/config/sessions';
import { overHttp } from '#test/features/sessions/support/http-scene';
import { day, minute, type Json } from '#test/features/sessions/support/gateway';

const signIn = `mutation ($input: SignInInput!) {
  signIn(input: $input) { result { ... on LoggedIn { session { id } tokens { accessToken refreshToken expiresIn tokenType } } } }
}`;
const exchange = `mutation ($input: ExchangeRefreshTokenInput!) {
  exchangeRefreshToken(input: $input) { accessToken refreshToken expiresIn tokenType }
}`;

interface Given {
  readonly access: Record<string, string>;
  readonly refreshToken: string;
  readonly sessionId: string;
}

overHttp('refresh tokens', (scene, { input, browser, machine }) => {
  let clientId: string;
  const settings = () => scene().gateway.config.sessions;
  const usual = { ...{} } as Partial<SessionsConfig>;

  beforeEach(async () => {
    const { gateway, count } = scene();
    Object.assign(usual, Object.keys(usual).length === 0 ? settings() : {});
    Object.assign(settings(), usual);
    const made = await gateway.applications.applications.create(gateway.call(), {
      name: `App ${count}`,
      type: 'SINGLE_PAGE',
    });
    clientId = made.application.id;
  });
  const given = async (
    tokens: 'ONLINE' | 'OFFLINE' | 'ACCESS' = 'OFFLINE',
    more: object = {},
  ): Promise<Given> => {
    const { data, errors, cookies } = await scene().served.ask(signIn, {
      variables: input({ clientId, tokens, ...more }),
    });
    expect([errors, cookies]).toEqual([[], []]);
    const { session, tokens: set } = data.signIn.result;
    return {
      access: { authorization: `Bearer ${set.accessToken}` },
      refreshToken: set.refreshToken,
      sessionId: session.id,
    };
  };
  const refresh = (refreshToken: string, more: object = {}) =>
    scene().served.ask(exchange, { variables: { input: { refreshToken, clientId, ...more } } });
  const next = async (refreshToken: string): Promise<string> =>
    (await refresh(refreshToken)).data.exchangeRefreshToken.refreshToken;
  const me = async (headers: Record<string, string>): Promise<Json> => {
    const { data, codes } = await scene().served.ask('{ me { id } currentSession { id } }', { headers });
    return data?.me ? data : codes[0];
  };
  const families = async (): Promise<Json[]> =>
    (await scene().gateway.rows('refresh_families', 'id user_id revoked_at revoke_reason')).filter(
      (row) => row.user_id === scene().userId,
    );

  it('are given at sign-in with an access token, in place of a cookie, and stored nowhere', async () => {
    const { access, refreshToken, sessionId } = await given('ONLINE');
    expect(refreshToken).toMatch(/^rt_[\w-]{43}$/);
    expect(await me(access)).toEqual({ me: { id: scene().userId }, currentSession: { id: sessionId } });
    const dump = JSON.stringify(await scene().gateway.rows('refresh_tokens', 'id token_hash'));
    expect(dump).not.toContain(refreshToken);
    const { data } = await refresh(refreshToken);
    const set = data.exchangeRefreshToken;
    expect(set).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    expect(set.refreshToken).not.toBe(refreshToken);
    expect(await me({ authorization: `Bearer ${set.accessToken}` })).toMatchObject({
      me: { id: scene().userId },
    });
    const claims = JSON.parse(Buffer.from(set.accessToken.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({
      sub: scene().userId,
      client_id: clientId,
      sid: sessionId,
      epoch: 1,
      amr: ['pwd'],
      acr: 'aal1',
      permissions: [],
    });
    expect(claims).not.toHaveProperty('fid');
  });

  it('need an application, and an access token alone brings none', async () => {
    const { codes } = await scene().served.ask(signIn, { variables: input({ tokens: 'ACCESS' }) });
    expect(codes).toEqual(['VALIDATION_FAILED']);
    expect((await given('ACCESS')).refreshToken).toBeNull();
  });

  it('1.11.6 the same one twice at once gives two children and no alarm; the parent after a child was used kills the family', async () => {
    const { refreshToken, access } = await given();
    const both = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    const children = both.map(({ data }) => data.exchangeRefreshToken.refreshToken as string);
    expect(new Set(children).size).toBe(2);
    expect(await families()).toEqual([expect.objectContaining({ revoked_at: null })]);
    const grandchild = await next(children[0] as string);
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_GRANT']);
    for (const token of [children[1] as string, grandchild])
      expect((await refresh(token)).codes).toEqual(['INVALID_GRANT']);
    expect(await me(access)).toBe('UNAUTHENTICATED');
    expect(await families()).toEqual([expect.objectContaining({ revoke_reason: 'reuse' })]);
    const audit = await scene().gateway.rows('audit_events', 'action actor_id');
    expect(audit).toContainEqual({ action: 'refresh_token.reuse', actor_id: scene().userId });
    const mails = await scene().gateway.rows('outbox_messages', 'recipient template');
    expect(mails).toContainEqual({ recipient: scene().email, template: 'refresh-token-reuse' });
  });

  it('answer three retries of one exchange, and none after the leeway', async () => {
    const { refreshToken } = await given();
    for (let tries = 0; tries < 3; tries += 1) expect((await refresh(refreshToken)).codes).toEqual([]);
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_GRANT']);
    const late = (await given()).refreshToken;
    await next(late);
    scene().gateway.clock.time += 30_001;
    expect((await refresh(late)).codes).toEqual(['INVALID_GRANT']);
    // One mail an hour, however many families end.
    const mails = await scene().gateway.rows('outbox_messages', 'recipient');
    expect(mails.filter(({ recipient }) => recipient === scene().email)).toHaveLength(1);
  });

  it('1.11.7 without a leeway the second use kills the family', async () => {
    settings().refreshLeewaySeconds = 0;
    const { refreshToken } = await given();
    const child = await next(refreshToken);
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_GRANT']);
    expect((await refresh(child)).codes).toEqual(['INVALID_GRANT']);
  });

  it('SES-10 without a leeway one of two at the same time wins, and the other one is a reuse', async () => {
    settings().refreshLeewaySeconds = 0;
    const { refreshToken } = await given();
    const both = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    expect(both.map(({ codes }) => codes).sort()).toEqual([[], ['INVALID_GRANT']]);
    expect((await families()).map((row) => row.revoke_reason)).toContain('reuse');
  });

  it('1.11.8 one more than 200 of a user and an application ends the oldest', async () => {
    expect(settings().refreshTokensPerClient).toBe(200);
    settings().refreshTokensPerClient = 3;
    const tokens: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      scene().gateway.clock.time += 1_000;
      tokens.push((await given()).refreshToken);
    }
    expect((await refresh(tokens[0] as string)).codes).toEqual(['INVALID_GRANT']);
    expect((await refresh(tokens[1] as string)).codes).toEqual([]);
    expect((await families()).filter((row) => row.revoke_reason === 'limit')).toHaveLength(1);
  });

  it('1.11.4 a new password ends those of other sessions, and their access tokens', async () => {
    const { gateway, userId } = scene();
    const { refreshToken, access } = await given();
    await gateway.passwords.set(gateway.call(), userId, 'another good password');
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_GRANT']);
    expect(await me(access)).toBe('UNAUTHENTICATED');
  });

  it('1.11.5 blocking ends them, and an access token that has not expired, at once', async () => {
    const { gateway, userId } = scene();
    const { refreshToken, access } = await given();
    await gateway.users.block(gateway.call(), userId);
    expect(await me(access)).toBe('UNAUTHENTICATED');
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_GRANT']);
  });

  it('that are online end with the session; offline ones outlive it, unless the user wants them gone', async () => {
    const signOut =
      'mutation ($all: Boolean) { signOut(input: { revokeOffline: $all }) { session { status } } }';
    const ask = (headers: Record<string, string>, all: boolean) =>
      scene().served.ask(signOut, { headers, variables: { all } });
    const online = await given('ONLINE');
    await ask(online.access, false);
    expect((await refresh(online.refreshToken)).codes).toEqual(['INVALID_GRANT']);
    expect(await me(online.access)).toBe('UNAUTHENTICATED');
    const offline = await given();
    await ask(offline.access, false);
    expect(await me(offline.access)).toEqual({ me: { id: scene().userId }, currentSession: null });
    expect((await refresh(offline.refreshToken)).codes).toEqual([]);
    const gone = await given();
    await ask(gone.access, true);
    expect(await me(gone.access)).toBe('UNAUTHENTICATED');
    expect((await refresh(gone.refreshToken)).codes).toEqual(['INVALID_GRANT']);
  });

  it('end with a revoked session, unless they are to stay', async () => {
    const revoke = `mutation ($id: ID!, $keep: Boolean) { revokeSession(input: { id: $id, preserveRefreshTokens: $keep }) { session { status } } }`;
    const administrator = await machine('delete:sessions');
    for (const [keep, codes] of [
      [true, []],
      [false, ['INVALID_GRANT']],
    ] as const) {
      const { sessionId, refreshToken } = await given();
      await scene().served.ask(revoke, { headers: administrator, variables: { id: sessionId, keep } });
      expect((await refresh(refreshToken)).codes).toEqual(codes);
    }
  });

  it('end after 30 days without an exchange and after 90 in any case', async () => {
    const { clock } = scene().gateway;
    const idle = await given();
    clock.time += 30 * day;
    expect((await refresh(idle.refreshToken)).codes).toEqual(['INVALID_GRANT']);
    let { refreshToken } = await given();
    for (const days of [29, 29, 29]) {
      clock.time += days * day;
      refreshToken = await next(refreshToken);
    }
    clock.time += 3 * day;
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_GRANT']);
  });

  it('of an online application keep the session alive, which tells when', async () => {
    const { clock } = scene().gateway;
    const { refreshToken, sessionId } = await given('ONLINE', { keepSignedIn: false });
    clock.time += 110 * minute;
    const later = await next(refreshToken);
    clock.time += 110 * minute;
    expect((await refresh(later)).codes).toEqual([]);
    const rows = await scene().gateway.rows('sessions', 'id status clients');
    const { status, clients } = rows.find(({ id }) => id === sessionId);
    expect([status, JSON.parse(clients)[0].lastSeenAt]).toEqual(['ACTIVE', clock.time]);
  });

  it('of another application, of a disabled one, and what is none are refused alike', async () => {
    const { gateway } = scene();
    const { refreshToken, access } = await given();
    const other = await gateway.applications.applications.create(gateway.call(), {
      name: 'Other',
      type: 'NATIVE',
    });
    const messages = [
      await refresh(refreshToken, { clientId: other.application.id }),
      await refresh(`${refreshToken}x`),
      await refresh(refreshToken.slice(0, -1)),
      await refresh(''),
      await refresh(refreshToken, { clientId: 'app_unknown' }),
    ].map(({ errors }) => errors[0].message);
    expect(new Set(messages).size).toBe(1);
    await gateway.applications.applications.update(gateway.call(), { id: clientId, isEnabled: false });
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_GRANT']);
    expect(await me(access)).toBe('UNAUTHENTICATED');
  });

  it('of an application that keeps a secret need that', async () => {
    const { gateway } = scene();
    const made = await gateway.applications.applications.create(gateway.call(), {
      name: 'Web',
      type: 'REGULAR_WEB',
    });
    clientId = made.application.id;
    const { refreshToken } = await given();
    expect((await refresh(refreshToken)).codes).toEqual(['INVALID_GRANT']);
    expect((await refresh(refreshToken, { clientSecret: 'wrong' })).codes).toEqual(['INVALID_GRANT']);
    const proven = { clientSecret: made.secret?.value };
    const once = await refresh(refreshToken, proven);
    expect(once.codes).toEqual([]);
    // It rotates like all others: a copy that turns up later ends the family.
    expect((await refresh(once.data.exchangeRefreshToken.refreshToken, proven)).codes).toEqual([]);
    expect((await refresh(refreshToken, proven)).codes).toEqual(['INVALID_GRANT']);
  });

  it('are listed without what opens anything, and ended by their user or an administrator', async () => {
    const { served, userId } = scene();
    const { refreshToken } = await given();
    await next(refreshToken);
    const { headers } = await browser();
    const list = `query ($id: ID!) { me { refreshTokens { totalCount nodes { id clientId isOnline lastExchangedAt device { lastIp } } } }
      userRefreshTokens(userId: $id) { totalCount nodes { id } } }`;
    const { data, errors } = await served.ask(list, { headers, variables: { id: userId } });
    expect(errors).toEqual([]);
    const [token] = data.me.refreshTokens.nodes;
    expect(token).toMatchObject({ clientId, isOnline: false, device: { lastIp: '127.0.0.1' } });
    expect(data.userRefreshTokens).toEqual({ totalCount: 1, nodes: [{ id: token.id }] });
    const foreign = await served.ask(list, {
      headers: await machine('read:users'),
      variables: { id: userId },
    });
    expect(foreign.data.userRefreshTokens).toBeNull();
    const revoke = `mutation ($id: ID!) { revokeRefreshToken(input: { id: $id }) { refreshTokenId } }`;
    expect(
      (await served.ask(revoke, { headers: await machine('read:users'), variables: { id: token.id } })).codes,
    ).toEqual(['NOT_FOUND']);
    expect(
      (await served.ask(revoke, { headers, variables: { id: token.id } })).data.revokeRefreshToken
        .refreshTokenId,
    ).toBe(token.id);
    await given();
    await given();
    const all = `mutation ($id: ID!) { revokeUserRefreshTokens(input: { userId: $id }) { revokedCount user { refreshTokens { totalCount } } } }`;
    expect(
      (await served.ask(all, { headers, variables: { id: userId } })).data.revokeUserRefreshTokens,
    ).toEqual({
      revokedCount: 2,
      user: { refreshTokens: { totalCount: 0 } },
    });
  });
});
