import type { Challenge } from '#src/features/sessions/sign-in/sign-in-hooks';
import { cookieIn, browserHeaders } from '#test/features/sessions/support/served';
import { overHttp } from '#test/features/sessions/support/http-scene';

const signIn = `mutation ($input: SignInInput!) {
  signIn(input: $input) {
    session { id } user { id }
    result {
      __typename
      ... on LoggedIn { session { id assurance authenticationMethods { name connection } } user { id } }
      ... on MfaChallenge { mfaToken factors expiresAt }
      ... on EmailVerificationRequired { message }
      ... on PasswordChangeRequired { changeToken reason }
    }
  }
}`;
const browser = { ip: '192.0.2.1', userAgent: 'Browser/1.0', sessionCookie: undefined };
const otp = { name: 'otp', connection: null };

overHttp('what may follow the first factor', (scene, { input, browser: signedIn }) => {
  let challenge: Challenge | null = null;
  const started = async () => {
    const { gateway, userId } = scene();
    return (await gateway.rows('sessions', 'user_id status')).filter((row) => row.user_id === userId);
  };
  beforeEach(() => {
    challenge = null;
    const { hooks } = scene().gateway.sessions;
    hooks.unknownUser.length = 0;
    if (hooks.afterFirstFactor.length === 0) hooks.afterFirstFactor.push(() => Promise.resolve(challenge));
  });
  const challenged = async (): Promise<string> => {
    challenge = { kind: 'mfa', factors: ['otp', 'recovery'] };
    const { data } = await scene().served.ask(signIn, { variables: input(), headers: browserHeaders() });
    return data.signIn.result.mfaToken;
  };
  const complete = (token: string) => {
    const { gateway } = scene();
    return gateway.sessions.completeSignIn(gateway.call(), token, otp, browser);
  };

  it('nothing: the user is signed in', async () => {
    const { data } = await scene().served.ask(signIn, { variables: input(), headers: browserHeaders() });
    const { session, user, result } = data.signIn;
    expect(result).toEqual({
      __typename: 'LoggedIn',
      session: {
        id: session.id,
        assurance: 'AAL1',
        authenticationMethods: [{ name: 'pwd', connection: 'main' }],
      },
      user,
    });
  });

  it('a second factor: no session and no cookie until it is given', async () => {
    challenge = { kind: 'mfa', factors: ['otp', 'recovery'] };
    const { data, cookies } = await scene().served.ask(signIn, {
      variables: input(),
      headers: browserHeaders(),
    });
    expect(data.signIn).toEqual({
      session: null,
      user: null,
      result: {
        __typename: 'MfaChallenge',
        mfaToken: expect.stringMatching(/^mfa_[\w-]{43}$/),
        factors: ['TOTP', 'RECOVERY_CODE'],
        expiresAt: expect.anything(),
      },
    });
    expect([cookies.map((cookie: string) => cookie.split('=')[0]), await started()]).toEqual([
      ['gid_did'],
      [],
    ]);
    const token = data.signIn.result.mfaToken as string;
    const pending = await scene().gateway.sessions.pendingSignIn(scene().gateway.call(), token);
    expect(pending).toMatchObject({ userId: scene().userId, kind: 'mfa', factors: ['otp', 'recovery'] });
    expect(await complete(token)).toMatchObject({ session: { userId: scene().userId, assurance: 'AAL2' } });
    const rows = await scene().gateway.rows('sign_in_transactions', 'token_hash');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('is completed once, by one of many at once', async () => {
    const token = await challenged();
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => complete(token)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(codes).toEqual(Array(4).fill('MFA_TOKEN_INVALID'));
    expect(await started()).toHaveLength(1);
  });

  it('is over after ten minutes', async () => {
    const token = await challenged();
    scene().gateway.clock.time += 10 * 60_000;
    await expect(complete(token)).rejects.toMatchObject({ code: 'MFA_TOKEN_INVALID' });
    expect(await started()).toEqual([]);
  });

  it.each(['', 'mfa_', 'mfa_' + 'x'.repeat(43), 'x'.repeat(10_000)])(
    'refuses another token (%#)',
    async (token) => {
      await expect(complete(token)).rejects.toMatchObject({ code: 'MFA_TOKEN_INVALID' });
    },
  );

  it('is over when the user was blocked or the credentials changed meanwhile', async () => {
    const { gateway, userId } = scene();
    const token = await challenged();
    await gateway.passwords.set(gateway.call(), userId, 'another good password');
    await expect(complete(token)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await started()).toEqual([]);
  });

  it('an unverified address or a password that must change: no session', async () => {
    challenge = { kind: 'email-verification' };
    const ask = () => scene().served.ask(signIn, { variables: input(), headers: browserHeaders() });
    expect((await ask()).data.signIn.result.__typename).toBe('EmailVerificationRequired');
    challenge = { kind: 'password-change', reason: 'breached' };
    const { result } = (await ask()).data.signIn;
    expect(result).toMatchObject({ __typename: 'PasswordChangeRequired', reason: 'breached' });
    expect(await started()).toEqual([]);
    const { gateway } = scene();
    expect(
      await gateway.sessions.completeSignIn(gateway.call(), result.changeToken, null, browser),
    ).toMatchObject({ session: { assurance: 'AAL1' } });
  });

  it('a step that is still missing after another one: no session until it is taken too', async () => {
    const token = await challenged();
    challenge = { kind: 'password-change', reason: 'expired' };
    const outcome = await complete(token);
    expect(outcome).toMatchObject({ kind: 'PASSWORD_CHANGE_REQUIRED', reason: 'expired' });
    expect(await started()).toEqual([]);
    const { gateway } = scene();
    const { changeToken } = outcome as { changeToken: string };
    expect(await gateway.sessions.completeSignIn(gateway.call(), changeToken, null, browser)).toMatchObject({
      session: { assurance: 'AAL2' },
    });
  });

  it('another source may vouch for an unknown user, and for no one else', async () => {
    const { gateway, served, userId, count } = scene();
    const asked: unknown[] = [];
    gateway.sessions.hooks.unknownUser.push((_call, question) => {
      asked.push(question);
      return Promise.resolve(question.password === 'legacy password' ? userId : null);
    });
    const identifier = `Legacy${count}@Example.com`;
    const ask = (given: object) =>
      served.ask(signIn, { variables: input({ identifier, ...given }), headers: browserHeaders() });
    expect((await ask({ password: 'wrong password 1' })).codes).toEqual(['INVALID_CREDENTIALS']);
    expect((await ask({ password: 'legacy password' })).data.signIn.user).toEqual({ id: userId });
    expect(asked[0]).toEqual({
      ...{ connection: 'main', identifier, password: 'wrong password 1' },
      ...{ userId: null, organizationId: null },
    });
    const known = await served.ask(signIn, { variables: input({ password: 'legacy password' }) });
    expect([known.codes, asked.length]).toEqual([['INVALID_CREDENTIALS'], 2]);
  });

  it('a later step-up raises the assurance, and the browser gets a new secret with the answer', async () => {
    const { gateway, served, userId } = scene();
    const { headers, id, secret } = await signedIn();
    gateway.clock.time += 60_000;
    const renewed: string[] = [];
    const call = {
      ...gateway.call({ kind: 'user', userId, subject: userId, sessionId: id }),
      renewed: (session: { secret: string }) => void renewed.push(session.secret),
    };
    const raised = await call.store.transaction((store) =>
      gateway.sessions.addAuthenticationMethod(store, call, id, otp),
    );
    expect(raised).toMatchObject({ assurance: 'AAL2', authenticatedAt: gateway.clock.time });
    expect((await served.ask('{ me { id } }', { headers })).codes).toEqual(['UNAUTHENTICATED']);
    const { principal } = await gateway.recognise({ sessionCookie: renewed[0] });
    expect(principal).toMatchObject({
      acr: 'aal2',
      amr: ['pwd', 'otp'],
      authenticatedAt: gateway.clock.time,
    });
    expect(renewed[0]).not.toBe(secret);
    // Without a browser that waits for it there is no new secret, and of another user's session there is none at all.
    const bare = gateway.call({ kind: 'user', userId, subject: userId, sessionId: id });
    await bare.store.transaction((store) => gateway.sessions.addAuthenticationMethod(store, bare, id, otp));
    expect((await gateway.recognise({ sessionCookie: renewed[0] })).via).toBe('cookie');
    const stranger = gateway.call({ kind: 'user', userId: 'auth0|x', subject: 'auth0|x', sessionId: id });
    await expect(
      stranger.store.transaction((store) =>
        gateway.sessions.addAuthenticationMethod(store, stranger, id, otp),
      ),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('1.11.4 a changed identifier ends the other sessions; this browser goes on with a new cookie', async () => {
    const { gateway, served, userId, count } = scene();
    const own = await signedIn();
    const other = await signedIn();
    await gateway.assignments.addRoles(gateway.call(), {
      id: userId,
      roleIds: [await gateway.givenRole(`writer${count}`, ['update:users'])],
    });
    const change = `mutation ($id: ID!) { updateUser(input: { id: $id, username: "new${count}" }) { user { id } } }`;
    const answer = await served.ask(change, { variables: { id: userId }, headers: own.headers });
    expect(answer.errors).toEqual([]);
    const cookie = cookieIn(answer.cookies);
    expect((await served.ask('{ me { id } }', { headers: browserHeaders(cookie) })).data).toEqual({
      me: { id: userId },
    });
    for (const { headers } of [own, other])
      expect((await served.ask('{ me { id } }', { headers })).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('an old sign-in is told how to sign in again, in the answer and in its header', async () => {
    const { gateway, served } = scene();
    const { headers } = await signedIn();
    const other = await signedIn();
    gateway.clock.time += 16 * 60_000;
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        query: `mutation { revokeSession(input: { id: "${other.id}" }) { session { id } } }`,
      }),
    });
    const body = (await response.json()) as { errors: { extensions: object }[] };
    expect(body.errors[0]?.extensions).toEqual({
      code: 'REAUTHENTICATION_REQUIRED',
      acrValues: null,
      maxAgeSeconds: 900,
    });
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", max_age=900',
    );
  });
});
