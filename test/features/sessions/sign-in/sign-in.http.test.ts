import { createHmac, createPublicKey } from 'node:crypto';
import { commonErrors } from '#src/shared/errors';
import { password, type Gateway, type Json } from '#test/features/sessions/support/gateway';
import { browserHeaders, cookieIn } from '#test/features/sessions/support/served';
import { overHttp, signIn, type HttpScene } from '#test/features/sessions/support/http-scene';

overHttp('signing in and out over HTTP', (scene, { input, machine, tokenOf, browser }) => {
  let gateway: Gateway;
  let served: HttpScene['served'];
  let userId: string;
  let email: string;
  let count: number;
  beforeEach(() => {
    ({ gateway, served, userId, email, count } = scene());
  });

  describe('signIn', () => {
    it('answers the new session and user under the rights of who signed in, and sets the cookie', async () => {
      const answer = await served.ask(signIn, { variables: input(), headers: browserHeaders() });
      expect(answer.codes).toEqual([]);
      expect(answer.data.signIn).toMatchObject({
        session: { current: true, status: 'ACTIVE' },
        user: { id: userId, email },
      });
      expect(answer.cookies.map((cookie: string) => cookie.split('=')[0])).toEqual([
        'gid_session',
        'gid_did',
      ]);
      expect(answer.cookies[0]).toMatch(
        /^gid_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      const { headers } = await browser();
      const me = await served.ask('{ me { id email } currentSession { current } }', { headers });
      expect(me.data).toEqual({ me: { id: userId, email }, currentSession: { current: true } });
    });

    it('SES-11 lets a program in that no browser could be, and a browser on a foreign page not', async () => {
      expect((await served.ask(signIn, { variables: input() })).codes).toEqual([]);
      for (const origin of ['https://evil.example', 'null']) {
        const answer = await served.ask(signIn, { variables: input(), headers: { origin } });
        expect([answer.codes, answer.cookies]).toEqual([['CSRF_REJECTED'], []]);
      }
    });

    it('1.11.15 makes no session for whom a later step rejects, and leaves the browser signed out', async () => {
      const { signedIn } = gateway.feature.mintHooks;
      signedIn.push(() => Promise.reject(commonErrors.FORBIDDEN()));
      const answer = await served.ask(signIn, { variables: input(), headers: browserHeaders() });
      signedIn.pop();
      expect([answer.codes, answer.cookies]).toEqual([['FORBIDDEN'], []]);
      const rows = await gateway.rows('sessions', 'user_id');
      expect(rows.filter((row) => row.user_id === userId)).toEqual([]);
      const after = await served.ask('{ currentSession { id } }', { headers: browserHeaders() });
      expect(after.data?.currentSession ?? null).toBeNull();
    });

    it('sets no cookie for wrong credentials', async () => {
      const answer = await served.ask(signIn, { variables: input({ password: 'wrong wrong wrong' }) });
      expect([answer.codes, answer.cookies]).toEqual([['INVALID_CREDENTIALS'], []]);
    });

    it('tells how long to wait after ten failures', async () => {
      for (let index = 0; index < 10; index += 1) {
        await served.ask(signIn, { variables: input({ password: 'wrong wrong wrong' }) });
      }
      const { errors } = await served.ask(signIn, { variables: input() });
      expect(errors[0].extensions).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfter: 30 * 86_400 });
    });

    it.each([
      [2, 'BAD_USER_INPUT'],
      [50, 'TOO_MANY_ALIASES'],
    ])('refuses %i aliases of it before any password is looked at', async (aliases, code) => {
      const fields = Array.from(
        { length: aliases },
        (_, index) =>
          `a${index}: signIn(input: { identifier: "${email}", password: "${password}" }) { user { id } }`,
      );
      const answer = await served.ask(`mutation { ${fields.join(' ')} }`);
      expect([answer.data ?? null, answer.codes, answer.cookies]).toEqual([null, [code], []]);
      expect(await gateway.rows('sessions', 'user_id')).not.toContainEqual({ user_id: userId });
    });

    it('gives a cookie for the run of the browser alone when asked', async () => {
      const { cookies } = await served.ask(signIn, { variables: input({ keepSignedIn: false }) });
      expect(cookies[0]).toMatch(/^gid_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    });

    it('SES-02 ends the session that the browser had', async () => {
      const first = await browser();
      const again = await served.ask(signIn, { variables: input(), headers: first.headers });
      expect(cookieIn(again.cookies)).not.toBe(first.secret);
      const before = await served.ask('{ me { id } }', { headers: first.headers });
      expect(before.codes).toEqual(['UNAUTHENTICATED']);
    });
  });

  describe('callers', () => {
    it('are refused with a cookie from a foreign page, even for queries, and not with a token', async () => {
      const { secret } = await browser();
      const headers = { ...browserHeaders(secret), origin: 'https://evil.example' };
      expect((await served.ask('{ me { id } }', { headers })).codes).toEqual(['CSRF_REJECTED']);
      const token = { ...(await tokenOf(userId)), origin: 'https://evil.example' };
      expect((await served.ask('{ me { id } }', { headers: token })).data).toEqual({ me: { id: userId } });
    });

    it('are one user only: a token of one beside the cookie of another', async () => {
      const { headers } = await browser();
      const other = await gateway.givenUser(`other${count}@example.com`);
      const both = { ...headers, ...(await tokenOf(other)) };
      const { data } = await served.ask('{ me { id } currentSession { id } }', { headers: both });
      expect(data).toEqual({ me: { id: other }, currentSession: null });
    });

    it('cost one statement by cookie and none by a machine’s token', async () => {
      const { headers } = await browser();
      await served.ask('{ currentSession { current } }', { headers });
      expect(served.statements()).toBe(2);
      await served.ask('{ __typename }', { headers: await machine() });
      expect(served.statements()).toBe(0);
      await served.ask('{ __typename }', { headers });
      expect(served.statements()).toBe(1);
    });

    it('get 401 with a faulty token', async () => {
      const { status, codes, errors } = await served.ask('{ me { id } }', {
        headers: { authorization: 'Bearer a.b.c' },
      });
      expect([status, codes, errors[0].extensions.reason]).toEqual([
        401,
        ['UNAUTHENTICATED'],
        'TOKEN_INVALID',
      ]);
    });

    it('8.8-11 get 401 with a token that nobody signed, or that the public key signed', async () => {
      const { authorization = '' } = await tokenOf(userId);
      const [header = '', claims = '', signature = ''] = authorization.slice('Bearer '.length).split('.');
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
      const published = await fetch(`${served.url}/.well-known/jwks.json`);
      const { keys } = (await published.json()) as Json;
      const key = createPublicKey({ key: keys[0], format: 'jwk' });
      const pem = key.export({ type: 'spki', format: 'pem' });
      const headed = (fields: object) =>
        `${Buffer.from(JSON.stringify({ kid, typ: 'at+jwt', ...fields })).toString('base64url')}.${claims}`;
      const hmac = headed({ alg: 'HS256' });
      for (const forged of [
        `${headed({ alg: 'none' })}.`,
        `${headed({ alg: 'none' })}.${signature}`,
        `${hmac}.${createHmac('sha256', pem).update(hmac).digest('base64url')}`,
        `${headed({ alg: 'ES256', typ: 'JWT' })}.${signature}`,
      ]) {
        const { status, errors } = await served.ask('{ me { id } }', {
          headers: { authorization: `Bearer ${forged}` },
        });
        expect([status, errors[0].extensions.reason]).toEqual([401, 'TOKEN_INVALID']);
      }
      expect((await served.ask('{ me { id } }', { headers: { authorization } })).status).toBe(200);
    });

    it('8.8-13 lose a permission at once, although their token still lists it', async () => {
      const roleIds = [await gateway.givenRole(`reader${count}`, ['read:sessions'])];
      await gateway.assignments.addRoles(gateway.call(), { id: userId, roleIds });
      const other = await gateway.givenUser(`other${count}@example.com`);
      const headers = await tokenOf(userId);
      const read = () =>
        served.ask('query ($id: ID!) { userSessions(userId: $id) { nodes { id } } }', {
          ...{ headers, variables: { id: other } },
        });
      expect((await read()).codes).toEqual([]);
      await gateway.assignments.removeRoles(gateway.call(), { id: userId, roleIds });
      const refused = await read();
      expect([refused.codes, refused.data?.userSessions ?? null]).toEqual([['FORBIDDEN_FIELD'], null]);
    });

    it('are signed out at once by a block', async () => {
      const { headers } = await browser();
      const token = await tokenOf(userId);
      await gateway.users.block(gateway.call(), userId);
      expect((await served.ask('{ me { id } }', { headers })).codes).toEqual(['UNAUTHENTICATED']);
      expect((await served.ask('{ me { id } }', { headers: token })).codes).toEqual(['UNAUTHENTICATED']);
    });
  });

  describe('signOut', () => {
    const signOut = 'mutation { signOut { session { id status endReason } } }';

    it('ends the session and deletes the cookie', async () => {
      const { headers, id } = await browser();
      const answer = await served.ask(signOut, { headers });
      expect(answer.data.signOut.session).toEqual({ id, status: 'ENDED', endReason: 'LOGOUT' });
      expect(answer.cookies).toEqual(['gid_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
      expect((await served.ask('{ me { id } }', { headers })).codes).toEqual(['UNAUTHENTICATED']);
      expect((await served.ask(signOut, { headers })).data).toEqual({ signOut: { session: null } });
    });

    it('leaves the cookie of another session alone', async () => {
      const first = await browser();
      const second = await browser();
      const token = await tokenOf(userId, second.id);
      const answer = await served.ask(signOut, { headers: { ...first.headers, ...token } });
      expect([answer.data.signOut.session.id, answer.cookies]).toEqual([second.id, []]);
      expect((await served.ask('{ me { id } }', { headers: first.headers })).data.me.id).toBe(userId);
    });

    it('SES-11 is refused from a foreign page', async () => {
      const { headers, secret } = await browser();
      const foreign = { ...browserHeaders(secret), origin: 'https://evil.example' };
      expect((await served.ask(signOut, { headers: foreign })).codes).toEqual(['CSRF_REJECTED']);
      expect((await served.ask('{ me { id } }', { headers })).data.me.id).toBe(userId);
    });
  });
});
