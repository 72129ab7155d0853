import type { JWTPayload } from 'jose';
import type { ProviderScene } from './provider-word.http.test';

const event = 'http://schemas.openid.net/event/backchannel-logout';

/** An OpenID provider says that somebody signed out there. */
export function logoutCases(current: () => ProviderScene): void {
  let count = 0;
  const claims = (more: Readonly<Record<string, unknown>> = {}): JWTPayload => {
    const now = Math.floor(Date.now() / 1_000);
    count += 1;
    return {
      ...{ iss: current().hostile.issuer, aud: 'gatehouse', iat: now, exp: now + 120, jti: `jti-${count}` },
      ...{ sub: 'lou', events: { [event]: {} } },
      ...more,
    };
  };
  const send = async (token: string, connection = 'hostile') => {
    const response = await fetch(`${current().app.url}/logout/backchannel/${connection}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
    });
    return { status: response.status, body: await response.text(), headers: response.headers };
  };
  const typed = { typ: 'logout+jwt' };

  it('1.8 ends the session that a provider has ended, and with a person all of theirs', async () => {
    const { hostile, signIn, me, query } = current();
    const [one, two, three] = [
      await signIn({ sub: 'lou', sid: 's-1' }),
      await signIn({ sub: 'lou', sid: 's-2' }),
      await signIn({ sub: 'somebody', sid: 's-3' }),
    ];
    const token = await hostile.sign(claims({ sid: 's-1', sub: undefined }), typed);
    const answers = await Promise.all([1, 2, 3].map(() => send(token)));
    const taken = answers.filter(({ status }) => status === 200);
    expect(taken.map(({ headers }) => headers.get('cache-control'))).toEqual(['no-store']);
    expect([await me(one.browser), (await me(two.browser))?.id]).toEqual([null, 'oidc|hostile|lou']);
    const again = await send(token);
    expect([again.status, again.body]).toEqual([400, expect.stringContaining('"error":"invalid_request"')]);
    expect((await send(await hostile.sign(claims(), typed))).status).toBe(200);
    expect([await me(two.browser), (await me(three.browser))?.id]).toEqual([null, 'oidc|hostile|somebody']);
    const { auditEvents } = await query(
      '{ auditEvents(first: 1, action: "session.provider_sign_out") { nodes { result targetId details } } }',
    );
    expect(auditEvents).toEqual({
      nodes: [{ result: 'OK', targetId: 'oidc|hostile|lou', details: { connection: 'hostile' } }],
    });
    const { user } = await query(
      '{ user(id: "oidc|hostile|lou") { sessions(first: 5) { nodes { status endReason } } } }',
    );
    expect(JSON.stringify(user)).not.toContain('ACTIVE');
  });

  it('JWT-01 JWT-04 takes nothing but a logout token of this provider for this client', async () => {
    const { hostile, signIn, me } = current();
    const { browser } = await signIn({ sub: 'lou', sid: 's-4' });
    const now = Math.floor(Date.now() / 1_000);
    const lies: Readonly<Record<string, unknown>>[] = [
      { nonce: 'n' },
      { events: undefined },
      { events: { [event]: true } },
      { events: { other: {} } },
      { jti: undefined },
      { iat: undefined },
      { iat: now - 3_600, exp: now + 60 },
      { iat: now + 600, exp: now + 900 },
      { exp: now - 90 },
      { aud: 'somebody-else' },
      { iss: 'https://evil.example' },
      { sub: undefined },
      { sub: 7 },
      { sid: { a: 1 } },
    ];
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tokens = [
      ...(await Promise.all(lies.map((lie) => hostile.sign(claims(lie), typed)))),
      await hostile.sign(claims(), { typ: 'at+jwt' }),
      `${encode({ alg: 'none', ...typed })}.${encode(claims())}.`,
      (await hostile.sign(claims(), typed)).replace(/\.[^.]+\./, `.${encode(claims({ sid: 's-4' }))}.`),
      ...['', 'no token', 'a.b.c'],
    ];
    const answers = [];
    for (const token of tokens) answers.push((await send(token)).status);
    expect(answers).toEqual(tokens.map(() => 400));
    expect((await send(await hostile.sign(claims(), typed), 'nowhere')).status).toBe(400);
    // Signed by the same provider, and meant for another connection, where nobody is.
    expect((await send(await hostile.sign(claims(), typed), 'keeping')).status).toBe(200);
    expect((await me(browser))?.id).toBe('oidc|hostile|lou');
  });
}
