import { sql } from '#src/storage/sql';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const issuer = 'https://id.example.com';
const password = 'correct horse battery';
const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) { session { id device { id } } user { id } } }`;
const environment = { GATEHOUSE_ISSUER: issuer, GATEHOUSE_TRUSTED_PROXIES: '1' };

/** What a browser keeps of the answers, as it sends it. */
const kept = (headers: readonly string[]): string =>
  headers.map((header) => header.split(';')[0] ?? '').join('; ');
const named = (headers: readonly string[], name: string): string =>
  headers.find((header) => header.startsWith(`__Host-${name}=`)) ?? '';
const codes = ({ errors }: Pick<Answer, 'errors'>): string[] =>
  errors.map(({ extensions }) => extensions.code);

eachDatabase('cookies', (database) => {
  let app: TestApp;
  let count = 0;
  let email: string;
  let userId: string;
  let ip: string;

  beforeAll(async () => {
    // Three wrong passwords say as much as ten, and cost less.
    const fewer = { GATEHOUSE_ATTACK_PROTECTION_BRUTE_FORCE_FAILURES: '3' };
    app = await startTestApp(database, { environment: { ...environment, ...fewer } });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    count += 1;
    email = `cookie${count}@example.com`;
    ip = `198.51.100.${count}`;
    userId = await app.givenUser({ email, password });
  });

  const ask = (query: string, headers: Record<string, string> = {}, variables = {}): Promise<Answer> =>
    app.ask(query, { variables, headers: { origin: issuer, 'x-forwarded-for': ip, ...headers } });
  const enter = (more: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(signIn, headers, { input: { identifier: email, password, ...more } });
  const cookiesOf = (answer: Answer): string[] => answer.headers.getSetCookie();
  const post = (headers: Record<string, string>, body: string): Promise<Response> =>
    fetch(`${app.url}/graphql`, { method: 'POST', headers, body });

  it('2.7-1 SES-01 are HttpOnly and Secure, belong to this host alone and have no domain', async () => {
    const answer = await enter();
    const cookie = kept(cookiesOf(answer));
    const out = await ask('mutation { signOut { session { id } } }', { cookie });
    const page = await fetch(`${app.url}/login`);
    const asked = await ask(
      'mutation ($input: RequestEmailVerificationInput!) { requestEmailVerification(input: $input) { isAccepted } }',
      {},
      { input: { email } },
    );
    const all = [answer, out, asked].flatMap(cookiesOf).concat(page.headers.getSetCookie());
    expect(all.map((header) => header.split('=')[0]).sort()).toEqual(
      ['asked', 'csrf', 'did', 'session', 'session', 'txn'].map((name) => `__Host-gid_${name}`),
    );
    for (const header of all) {
      expect(header).toMatch(/^__Host-gid_\w+=[\w.-]*; .*Path=\/; HttpOnly; Secure; SameSite=(Lax|Strict)$/);
      expect(header).not.toMatch(/domain/i);
    }
    expect(all.every((header) => header.length < 4_096)).toBe(true);
  });

  it('2.7-2 SES-11 a form of another site that spells JSON is refused, and nothing is executed', async () => {
    const cookie = kept(cookiesOf(await enter()));
    const query = `mutation { signOut { session { id } } }`;
    for (const [type, site] of [
      ['text/plain', 'cross-site'],
      ['application/x-www-form-urlencoded', 'cross-site'],
      ['application/json', 'cross-site'],
    ] as const) {
      const headers = {
        'content-type': type,
        'sec-fetch-site': site,
        origin: 'https://evil.example',
        cookie,
      };
      const { status } = await post(headers, JSON.stringify({ query }));
      expect([type, [400, 403, 415].includes(status)]).toEqual([type, true]);
    }
    expect((await ask('{ me { id } }', { cookie })).data).toEqual({ me: { id: userId } });
  });

  it('2.7-3 a GET with a content type that passes for JSON is answered 415', async () => {
    const cookie = kept(cookiesOf(await enter()));
    const url = `${app.url}/graphql?query=${encodeURIComponent('{ me { id } }')}`;
    const headers = { cookie, origin: issuer, 'content-type': 'message/x' };
    expect((await fetch(url, { headers })).status).toBe(415);
  });

  it('2.7-4 a foreign origin cannot even ask with the cookie; with a token it can', async () => {
    const cookie = kept(cookiesOf(await enter()));
    const origin = 'https://evil.example';
    const refused = await ask('{ me { id } }', { cookie, origin });
    expect([refused.status, codes(refused)]).toEqual([403, ['CSRF_REJECTED']]);
    const asked = await app.ask('{ me { id } }', {
      token: await app.user(userId),
      headers: { cookie, origin },
    });
    expect(asked.data).toEqual({ me: { id: userId } });
  });

  it('2.7-7 beside a token of one user the cookie of another one counts for nothing', async () => {
    const cookie = kept(cookiesOf(await enter()));
    const other = await app.givenUser({ email: `other-${email}` });
    const headers = { cookie, origin: issuer };
    const asked = await app.ask('{ me { id } currentSession { id } }', {
      token: await app.user(other),
      headers,
    });
    expect(asked.data).toEqual({ me: { id: other }, currentSession: null });
    const wrong = await ask('{ me { id } }', { cookie, authorization: 'Bearer made.up.token' });
    expect(codes(wrong)).toEqual(['UNAUTHENTICATED']);
  });

  it('2.7-8 fifty sign-ins in one document are refused before any is counted or checked', async () => {
    const fields = Array.from(
      { length: 50 },
      (_, at) => `a${at}: signIn(input: { identifier: "${email}", password: "x" }) { __typename }`,
    );
    const before = await rows('attempt_counters');
    expect(codes(await ask(`mutation { ${fields.join(' ')} }`))).toEqual(['TOO_MANY_ALIASES']);
    expect(codes(await ask(`mutation { ${fields.slice(0, 2).join(' ')} }`))).toEqual(['BAD_USER_INPUT']);
    expect(await rows('attempt_counters')).toBe(before);
  });

  it('2.7-9 end with the browser when somebody does not want to stay signed in', async () => {
    const brief = cookiesOf(await enter({ keepSignedIn: false }));
    expect(brief.map((header) => header.split('=')[0])).toEqual(['__Host-gid_session', '__Host-gid_did']);
    for (const header of brief) expect(header).not.toMatch(/max-age|expires/i);
    const long = cookiesOf(await enter());
    expect(named(long, 'gid_session')).toMatch(/; Max-Age=604(799|800);/);
    expect(named(long, 'gid_did')).toContain('; Max-Age=31536000;');
  });

  it('bad input: two cookies of one name; the session of neither is taken, in whatever order they come', async () => {
    const mine = kept(cookiesOf(await enter())).split('; ')[0] ?? '';
    const other = await app.givenUser({ email: `evil-${email}`, password });
    const theirs = kept(cookiesOf(await enter({ identifier: `evil-${email}` }))).split('; ')[0] ?? '';
    expect((await ask('{ me { id } }', { cookie: theirs })).data).toEqual({ me: { id: other } });
    for (const cookie of [`${mine}; ${theirs}`, `${theirs}; ${mine}`, `${mine}; ${mine}`]) {
      expect(codes(await ask('{ me { id } }', { cookie }))).toEqual(['UNAUTHENTICATED']);
    }
    expect((await ask('{ me { id } }', { cookie: mine })).data).toEqual({ me: { id: userId } });
  });

  it('bad input, SES-04: a session cookie that was cut, lengthened, encoded anew, or is the public id counts as none', async () => {
    const mine = kept(cookiesOf(await enter())).split('; ')[0] ?? '';
    const [name = '', secret = ''] = mine.split('=');
    const { data } = await ask('{ currentSession { id } }', { cookie: mine });
    const { id } = (data as { currentSession: { id: string } }).currentSession;
    const bytes = Buffer.from(secret, 'base64url');
    const spoilt = [
      ...['', secret.slice(0, -1), `${secret}A`, `${secret}=`, `"${secret}`, ` ${secret}A`],
      ...[bytes.toString('base64'), bytes.toString('hex'), [...secret].reverse().join('')],
      ...[`%${secret.charCodeAt(0).toString(16)}${secret.slice(1)}A`, id, `${secret}.${secret}`],
    ].filter((value) => value !== secret);
    for (const value of spoilt) {
      const answer = await ask('{ me { id } }', { cookie: `${name}=${value}` });
      expect([value, codes(answer)]).toEqual([value, ['UNAUTHENTICATED']]);
    }
    expect((await ask('{ me { id } }', { cookie: mine })).data).toEqual({ me: { id: userId } });
  });

  it('SES-02 a secret that somebody else chose is not taken over, and each sign-in and sign-out leaves the former one worthless', async () => {
    const chosen = `__Host-gid_session=${'A'.repeat(43)}`;
    const first = kept([named(cookiesOf(await enter({}, { cookie: chosen })), 'gid_session')]);
    expect(first).not.toBe(chosen);
    expect(codes(await ask('{ me { id } }', { cookie: chosen }))).toEqual(['UNAUTHENTICATED']);
    const second = kept([named(cookiesOf(await enter({}, { cookie: first })), 'gid_session')]);
    expect(second).not.toBe(first);
    expect(codes(await ask('{ me { id } }', { cookie: first }))).toEqual(['UNAUTHENTICATED']);
    // Without the prefix a sibling domain could have set it.
    expect(codes(await ask('{ me { id } }', { cookie: second.replace('__Host-', '') }))).toEqual([
      'UNAUTHENTICATED',
    ]);
    expect((await ask('{ me { id } }', { cookie: second })).data).toEqual({ me: { id: userId } });
    await ask('mutation { signOut { session { id } } }', { cookie: second });
    expect(codes(await ask('{ me { id } }', { cookie: second }))).toEqual(['UNAUTHENTICATED']);
  });

  it('2.1 SES-12 cookies of more than 8 KiB are answered 431; hundreds of them and bad encodings do not matter', async () => {
    const own = kept([named(cookiesOf(await enter()), 'gid_session')]);
    const asked = (cookie: string): Promise<Answer> => ask('{ viewer { kind } }', { cookie });
    const padded = (bytes: number): string => `${own}; a=`.padEnd(bytes, 'x');
    expect((await asked(padded(8_192))).data).toEqual({ viewer: { kind: 'USER' } });
    for (const bytes of [8_193, 12_000]) {
      const { status, ...rest } = await asked(padded(bytes));
      expect([status, codes(rest)]).toEqual([431, ['HEADERS_TOO_LARGE']]);
    }
    const many = Array.from({ length: 200 }, (_, at) => `c${at}=${at}`).join('; ');
    for (const others of [many, '%zz=%; =; ;;,', '\xff\xfe=\xe9', '__proto__=1; constructor=2', '"a"="b'])
      expect([others, (await asked(`${others}; ${own}`)).data]).toEqual([
        others,
        { viewer: { kind: 'USER' } },
      ]);
    for (const spoilt of [
      own.replace('=', '=%41'),
      own.replace('=', '="').concat('"'),
      `${own}%00`,
      `${own}\xe9`,
    ])
      expect([spoilt, (await asked(spoilt)).data]).toEqual([spoilt, { viewer: { kind: 'ANONYMOUS' } }]);
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  });

  describe('of a browser that is known', () => {
    const fail = async (times: number, cookie?: string): Promise<string[]> => {
      const seen = new Set<string>();
      for (let index = 0; index < times; index += 1)
        for (const code of codes(
          await enter({ password: 'wrong wrong' }, cookie === undefined ? {} : { cookie }),
        ))
          seen.add(code);
      return [...seen];
    };

    it('keeps it apart from strangers of its network: their wrong passwords do not count for it, and its own do', async () => {
      const did = kept([named(cookiesOf(await enter()), 'gid_did')]);
      expect(await fail(3)).toEqual(['INVALID_CREDENTIALS']);
      expect(codes(await enter())).toEqual(['TOO_MANY_ATTEMPTS']);
      expect(codes(await enter({}, { cookie: did }))).toEqual([]);
      expect(await fail(3, did)).toEqual(['INVALID_CREDENTIALS']);
      expect(codes(await enter({}, { cookie: did }))).toEqual(['TOO_MANY_ATTEMPTS']);
      const blocks = await app.ask('query ($id: ID!) { userBlocks(userId: $id) { network failures } }', {
        token: await app.administrator(),
        variables: { id: userId },
      });
      expect(blocks.data).toEqual({
        userBlocks: Array.from({ length: 2 }, () => ({ network: ip, failures: 3 })),
      });
    });

    it('is of no use for another account, and nobody can make one up', async () => {
      const did = kept([named(cookiesOf(await enter()), 'gid_did')]);
      email = `next-${email}`;
      await app.givenUser({ email, password });
      const [name = '', value = ''] = did.split('=');
      const forged = `${name}=${value.slice(0, 44)}${'A'.repeat(22)}`;
      expect(await fail(3, forged)).toEqual(['INVALID_CREDENTIALS']);
      expect(codes(await enter({}, { cookie: did }))).toEqual(['TOO_MANY_ATTEMPTS']);
    });

    it('tells which sessions are of one browser, to each of its users by another name', async () => {
      const first = await enter();
      const cookie = kept([named(cookiesOf(first), 'gid_did')]);
      const again = await enter({}, { cookie });
      await app.givenUser({ email: `second-${email}`, password });
      const second = await enter({ identifier: `second-${email}` }, { cookie });
      const elsewhere = await enter();
      const [one, two, three, four] = [first, again, second, elsewhere].map(
        ({ data }) => (data as { signIn: { session: { device: { id: string } } } }).signIn.session.device.id,
      );
      expect(one).toMatch(/^[\w-]{22}$/);
      expect(two).toBe(one);
      expect(new Set([one, three, four]).size).toBe(3);
      expect(cookie).not.toContain(one);
    });
  });

  async function rows(table: string): Promise<number> {
    const store = app.app.storage.open();
    const [row] = await store.query<{ total: number }>(sql`SELECT count(*) AS total FROM ${sql.raw(table)}`, {
      total: 'integer',
    });
    return row?.total ?? 0;
  }
});
