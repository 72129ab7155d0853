import { startTestApp, type TestApp } from '#test/support/app';
import { TestBrowser } from '#test/support/browser';
import { eachDatabase } from '#test/support/databases';
import type { HostileProvider, OpenIdProvider } from '#test/support/openid-provider';
import { startHostileProvider, startOpenIdProvider } from '#test/support/openid-provider';
import { realSignOutCases } from './real-sign-out-cases';
import { returnCases } from './return-cases';
import { sweepCases } from './sweep-cases';
import { trialCases } from './trial-cases';

const issuer = 'http://127.0.0.1:4999';
const home = 'https://shop.example/signed-in';
const clientSecret = 'the secret of this gateway at the provider';

eachDatabase('signing in through an OpenID provider', (database) => {
  let app: TestApp;
  let administrator: string;
  let provider: OpenIdProvider;
  let hostile: HostileProvider;
  let clientId: string;

  const mutate = async (query: string, variables: Record<string, unknown>) => {
    const { data, errors } = await app.ask(query, { token: administrator, variables });
    expect(errors).toEqual([]);
    return data as Record<string, Record<string, { id: string }>>;
  };
  const addConnection = (name: string, options: { issuer: string } & Record<string, unknown>, more = {}) =>
    mutate(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      {
        input: {
          name,
          strategy: 'oidc',
          oauth: { clientId: 'gatehouse', clientSecret, ...options },
          ...more,
        },
      },
    );
  const browser = () => new TestBrowser({ [issuer]: app.url });
  const start = (connection: string, returnTo = '') =>
    `${issuer}/login/${connection}?client_id=${clientId}${returnTo === '' ? '' : `&return_to=${encodeURIComponent(returnTo)}`}`;
  const codeOf = (body: string): string | undefined => /Code: (\w+)/.exec(body)?.[1];
  const me = async (visitor: TestBrowser) => {
    const cookie = `gid_session=${visitor.cookie(issuer, 'gid_session') ?? ''}`;
    const { data } = await app.ask('{ me { id email emailVerified name loginsCount } }', {
      headers: { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' },
    });
    return data?.['me'] as Record<string, unknown> | null;
  };
  /** An answer of the hostile provider, brought back by the browser that it belongs to. */
  const hostileAnswer = async (visitor: TestBrowser, returnTo?: string) => {
    const sent = await visitor.request(start('hostile', returnTo));
    const there = new URL(sent.headers.get('location') ?? '');
    hostile.nonce = there.searchParams.get('nonce') ?? '';
    return `${issuer}/login/callback/hostile?code=c&state=${there.searchParams.get('state') ?? ''}`;
  };

  beforeAll(async () => {
    app = await startTestApp(database, {
      environment: { GATEHOUSE_ISSUER: issuer, GATEHOUSE_OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1/32' },
    });
    administrator = await app.administrator();
    provider = await startOpenIdProvider({
      id: 'gatehouse',
      secret: clientSecret,
      redirectUris: ['corp', 'other', 'closed'].map((name) => `${issuer}/login/callback/${name}`),
      postLogoutRedirectUris: [`${issuer}/login/callback/corp?logout=1`],
    });
    hostile = await startHostileProvider('gatehouse');
    const made = await mutate(
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }',
      {
        input: {
          ...{ name: 'Shop', type: 'REGULAR_WEB', callbacks: ['https://shop.example/cb'] },
          defaultRedirectUri: home,
        },
      },
    );
    clientId = made['createApplication']?.['application']?.id ?? '';
    await addConnection('corp', { issuer: provider.issuer });
    await addConnection('other', { issuer: provider.issuer });
    await addConnection('hostile', { issuer: hostile.issuer });
    await addConnection('away', { issuer: 'http://127.0.0.1:9' });
  });
  afterAll(async () => {
    await Promise.all([provider.close(), hostile.close()]);
    await app.close();
  });
  beforeEach(() => {
    provider.account = { sub: 'ada', email: 'ada@corp.example', email_verified: true, name: 'Ada Byron' };
    Object.assign(hostile, { lies: {}, tokenAnswer: null, exchanges: 0 });
  });

  it('makes the user at the first sign-in, knows it at the next, and goes where the application wants', async () => {
    const first = browser();
    expect((await first.visit(start('corp'), 'https://shop.example')).url).toBe(home);
    expect(await me(first)).toEqual({
      ...{ id: 'oidc|corp|ada', email: 'ada@corp.example', emailVerified: false },
      ...{ name: 'Ada Byron', loginsCount: 1 },
    });
    const second = browser();
    const visit = await second.visit(start('corp', '/orders?page=2'), 'https://shop.example');
    expect(visit.url).toBe('https://shop.example/orders?page=2');
    expect(await me(second)).toMatchObject({ id: 'oidc|corp|ada', loginsCount: 2 });
  });

  it('begins by mutation too, bound to the browser by a cookie', async () => {
    const visitor = browser();
    const answer = await app.ask(
      'mutation ($id: ID!) { beginLogin(input: { connection: "corp", clientId: $id }) { url } }',
      { variables: { id: clientId } },
    );
    const { url } = (answer.data?.['beginLogin'] ?? {}) as { url: string };
    expect(new URL(url).searchParams.get('code_challenge_method')).toBe('S256');
    expect(answer.headers.get('set-cookie')).toMatch(/^gid_txn=[\w-]{43};.*HttpOnly/);
    // Another browser than the one that has the cookie brings the answer.
    expect(codeOf((await visitor.visit(url, 'https://shop.example')).body)).toBe('LOGIN_TRANSACTION_INVALID');
  });

  it('3.8-1 OAU-01 refuses the answer of another browser and makes no user', async () => {
    provider.account = { sub: 'eve' };
    const attacker = browser();
    const caught = await attacker.visit(start('corp'), `${issuer}/login/callback/`);
    const victim = browser();
    await victim.request(start('corp'));
    expect(codeOf((await victim.visit(caught.url, 'https://shop.example')).body)).toBe(
      'LOGIN_TRANSACTION_INVALID',
    );
    expect(await me(victim)).toBeNull();
    const { data } = await app.ask('{ user(id: "oidc|corp|eve") { id } }', { token: administrator });
    expect(data).toEqual({ user: null });
  });

  it('3.8-2 OAU-01 takes an answer once', async () => {
    const visitor = browser();
    const caught = await visitor.visit(start('corp'), `${issuer}/login/callback/`);
    expect((await visitor.visit(caught.url, 'https://shop.example')).url).toBe(home);
    expect(codeOf((await visitor.visit(caught.url, 'https://shop.example')).body)).toBe(
      'LOGIN_TRANSACTION_INVALID',
    );
  });

  it('refuses an answer at the address of another connection', async () => {
    const visitor = browser();
    const caught = await visitor.visit(start('corp'), `${issuer}/login/callback/`);
    const mixed = caught.url.replace('/callback/corp', '/callback/other');
    expect(codeOf((await visitor.visit(mixed)).body)).toBe('LOGIN_TRANSACTION_INVALID');
  });

  it.each([
    ['another nonce', { claims: { nonce: 'other' } }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['a time that is over', { claims: { iat: 1_000_000, exp: 1_000_300 } }],
    ['no signature', { alg: 'none' as const }],
    ['the public key as secret', { alg: 'HS256' as const }],
  ])('3.8-3 OAU-01 refuses an ID token with %s', async (_title, lies) => {
    const visitor = browser();
    const address = await hostileAnswer(visitor);
    hostile.lies = lies;
    const visit = await visitor.visit(address, 'https://shop.example');
    expect([visit.status, codeOf(visit.body)]).toEqual([403, 'LOGIN_FAILED']);
    expect(await me(visitor)).toBeNull();
  });

  it('3.3-4 puts people into the groups that the provider names in its token', async () => {
    const made = await mutate(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } } }',
      { input: { name: 'Crew', description: 'x' } },
    );
    const groupId = made['createGroup']?.['group']?.id;
    await mutate(
      'mutation ($input: CreateGroupMappingInput!) { createGroupMapping(input: $input) { __typename } }',
      { input: { groupId, connection: 'hostile', groupName: 'crew-at-theirs' } },
    );
    const groupsAfter = async (groups: unknown): Promise<unknown> => {
      const visitor = browser();
      const address = await hostileAnswer(visitor);
      hostile.lies = { claims: { sub: 'sailor', groups } };
      expect((await visitor.visit(address, 'https://shop.example')).url).toBe(home);
      const { data } = await app.ask('{ user(id: "oidc|hostile|sailor") { groups { nodes { name } } } }', {
        token: administrator,
      });
      return data?.['user'];
    };
    expect(await groupsAfter(['Crew'])).toEqual({ groups: { nodes: [] } });
    expect(await groupsAfter(['crew-at-theirs'])).toEqual({ groups: { nodes: [{ name: 'Crew' }] } });
    expect(await groupsAfter('other, crew-at-theirs')).toEqual({ groups: { nodes: [{ name: 'Crew' }] } });
    expect(await groupsAfter([])).toEqual({ groups: { nodes: [] } });
  });

  it('3.8-4 makes one user and one identity of parallel first sign-ins, and one session of one code', async () => {
    provider.account = { sub: 'grace', name: 'Grace' };
    const visitors = Array.from({ length: 4 }, () => browser());
    const caught = await Promise.all(
      visitors.map((one) => one.visit(start('corp'), `${issuer}/login/callback/`)),
    );
    const visits = await Promise.all(
      visitors.map((one, index) => one.visit(caught[index]?.url ?? '', 'https://shop.example')),
    );
    expect(visits.map(({ url }) => url)).toEqual([home, home, home, home]);
    const [one] = visitors as [TestBrowser];
    const again = await one.visit(start('corp'), `${issuer}/login/callback/`);
    const repeated = await Promise.all(Array.from({ length: 20 }, () => one.request(again.url)));
    expect(repeated.filter(({ status }) => status === 303)).toHaveLength(1);
    // The first visitor's second sign-in replaced the session that the browser had.
    const { data } = await app.ask(
      '{ user(id: "oidc|corp|grace") { identities { connection } sessions(first: 20) { totalCount } } }',
      { token: administrator },
    );
    expect(data).toEqual({ user: { identities: [{ connection: 'corp' }], sessions: { totalCount: 4 } } });
  });

  it('3.8-7 keeps what a blacklist names out of everything', async () => {
    await mutate(
      'mutation ($input: AddBlacklistedAttributesInput!) { addBlacklistedAttributes(input: $input) { __typename } }',
      { input: { scope: 'TENANT', names: ['nickname'] } },
    );
    provider.account = { sub: 'denied', nickname: 'never-stored-nickname' };
    const visitor = browser();
    await visitor.visit(start('corp'), 'https://shop.example');
    const { data } = await app.ask(
      '{ user(id: "oidc|corp|denied") { nickname attributes identities { profileData } } auditEvents(first: 100) { nodes { action details } } }',
      { token: administrator },
    );
    expect(data?.['user']).toMatchObject({ nickname: null });
    expect(JSON.stringify(data)).not.toContain('never-stored-nickname');
  });

  it('shows a page for what people can do something about', async () => {
    const cancelled = browser();
    const sent = await cancelled.request(start('corp'));
    const state = new URL(sent.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const denied = await cancelled.request(
      `${issuer}/login/callback/corp?error=access_denied&error_description=%3Cscript%3E&state=${state}`,
    );
    expect([denied.status, codeOf(denied.body)]).toEqual([403, 'LOGIN_DENIED']);
    expect(denied.body).not.toContain('script');
    expect(denied.headers.get('content-security-policy')).toContain("default-src 'none'");
    const pages = await Promise.all([browser().request(start('away')), browser().request(start('nowhere'))]);
    expect(pages.map(({ status, body }) => [status, codeOf(body)])).toEqual([
      [503, 'PROVIDER_UNAVAILABLE'],
      [404, 'CONNECTION_NOT_FOUND'],
    ]);
  });

  it('is unavailable, not wrong, when the token endpoint fails, redirects or sends too much', async () => {
    const answers: NonNullable<HostileProvider['tokenAnswer']>[] = [
      (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      (response) => void response.end('x'.repeat(2 * 1024 * 1024)),
      (response) => void response.destroy(),
    ];
    for (const tokenAnswer of answers) {
      const visitor = browser();
      const address = await hostileAnswer(visitor);
      hostile.tokenAnswer = tokenAnswer;
      expect(codeOf((await visitor.visit(address)).body)).toBe('PROVIDER_UNAVAILABLE');
    }
  });

  it('2.7-5 sends an answer by POST once more from here, and takes it once', async () => {
    const visitor = browser();
    const caught = new URL((await visitor.visit(start('corp'), `${issuer}/login/callback/`)).url);
    const fields = Object.fromEntries(caught.searchParams);
    const address = `${issuer}${caught.pathname}`;
    // A cross-site POST brings no Lax cookie along; and no redirect of our own form may lead elsewhere, so a page goes on.
    const page = await browser().request(address, fields);
    expect(page.body).toContain('Continue');
    const sent = Object.fromEntries(
      [...page.body.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
    const answer = await visitor.request(address, sent);
    expect([answer.status, answer.headers.get('refresh')]).toEqual([200, `0;url=${home}`]);
    expect(codeOf((await visitor.request(address, sent)).body)).toBe('LOGIN_TRANSACTION_INVALID');
    expect(codeOf((await browser().request(address, sent)).body)).toBe('LOGIN_TRANSACTION_INVALID');
  });

  it('refuses a blocked user, and an application that the connection does not admit', async () => {
    provider.account = { sub: 'blocked' };
    await browser().visit(start('corp'), 'https://shop.example');
    await mutate('mutation { blockUser(input: { id: "oidc|corp|blocked" }) { user { id } } }', {});
    const again = browser();
    expect(codeOf((await again.visit(start('corp'), 'https://shop.example')).body)).toBe(
      'INVALID_CREDENTIALS',
    );
    expect(await me(again)).toBeNull();
    const made = await mutate(
      'mutation { createApplication(input: { name: "Other", type: REGULAR_WEB }) { application { id } } }',
      {},
    );
    const other = made['createApplication']?.['application']?.id;
    await addConnection('closed', { issuer: provider.issuer }, { applicationIds: [other] });
    expect(codeOf((await browser().request(start('closed'))).body)).toBe('CONNECTION_NOT_FOUND');
  });

  returnCases(() => ({ hostile, browser, hostileAnswer, home }));
  realSignOutCases(() => ({ app, provider, clientId, browser, start, mutate }));
  trialCases(() => ({ issuer: provider.issuer, addConnection, mutate }));
  sweepCases(() => ({ app, begin: () => browser().request(start('hostile')) }));
});
