import { startTestApp, type TestApp } from '#test/support/app';
import { TestBrowser } from '#test/support/browser';
import { eachDatabase } from '#test/support/databases';
import { hearingLogger } from '#test/support/heard-log';
import { startHostileProvider, type HostileProvider } from '#test/support/openid-provider';
import { appleCases } from './apple-cases';
import { logoutCases } from './logout-cases';
import { signatureCases } from './signature-cases';
import { signOutCases } from './sign-out-cases';
import { tokenCases } from './token-cases';
import { trustCases } from './trust-cases';
import { wishCases } from './wish-cases';

export const issuer = 'http://127.0.0.1:4999';

export interface ProviderScene {
  readonly app: TestApp;
  readonly hostile: HostileProvider;
  /** Signs in at the hostile provider; answers the browser and the code of the error, if there is one. */
  signIn(
    claims?: Record<string, unknown>,
    connection?: string,
  ): Promise<{ browser: TestBrowser; code: string | undefined; url: string }>;
  /** Begins a sign-in; answers the address of the answer, which the same browser has to bring. */
  begin(browser: TestBrowser, connection?: string, query?: string): Promise<string>;
  readonly clientId: string;
  readonly heard: readonly string[];
  me(browser: TestBrowser): Promise<{ id: string } | null>;
  mutate(query: string, variables: object): Promise<Record<string, Record<string, Record<string, unknown>>>>;
  query(text: string): Promise<Record<string, unknown>>;
  connectionId(name: string): Promise<string>;
}

eachDatabase('what a provider says', (database) => {
  let app: TestApp;
  let hostile: HostileProvider;
  let other: HostileProvider;
  let clientId: string;
  let scene: ProviderScene;
  const home = 'https://shop.example/signed-in';
  const [ids, heard] = [new Map<string, string>(), [] as string[]];

  beforeAll(async () => {
    app = await startTestApp(database, {
      environment: { GATEHOUSE_ISSUER: issuer, GATEHOUSE_OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1/32' },
      overrides: { logger: hearingLogger(heard) },
    });
    [hostile, other] = [await startHostileProvider('gatehouse'), await startHostileProvider('gatehouse')];
    hostile.metadata = { end_session_endpoint: `${hostile.issuer}/end` };
    const administrator = await app.administrator();
    const mutate: ProviderScene['mutate'] = async (query, variables) => {
      const { data, errors } = await app.ask(query, { token: administrator, variables: { ...variables } });
      expect(errors).toEqual([]);
      return data as Record<string, Record<string, Record<string, unknown>>>;
    };
    const made = await mutate(
      'mutation { createApplication(input: { name: "Shop", type: REGULAR_WEB, defaultRedirectUri: "https://shop.example/signed-in" }) { application { id } } }',
      {},
    );
    clientId = made['createApplication']?.['application']?.['id'] as string;
    const add = async (name: string, oauth: object) => {
      const created = await mutate(
        'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
        {
          input: {
            name,
            strategy: 'oidc',
            oauth: { clientId: 'gatehouse', clientSecret: 'secret', ...oauth },
          },
        },
      );
      ids.set(name, created['createConnection']?.['connection']?.['id'] as string);
    };
    await add('hostile', { issuer: hostile.issuer });
    await add('keeping', { issuer: hostile.issuer, storeTokens: true });
    await add('ending', { issuer: hostile.issuer, honourSessionExpiry: true });
    await add('other', { issuer: other.issuer });
    const begin: ProviderScene['begin'] = async (browser, connection = 'hostile', query = '') => {
      const sent = await browser.request(`${issuer}/login/${connection}?client_id=${clientId}${query}`);
      const there = new URL(sent.headers.get('location') ?? 'http://nowhere/');
      for (const one of [hostile, other]) one.nonce = there.searchParams.get('nonce') ?? '';
      return `${issuer}/login/callback/${connection}?code=c&state=${there.searchParams.get('state') ?? ''}`;
    };
    scene = {
      ...{ app, hostile, begin, mutate, clientId, heard },
      signIn: async (claims: Record<string, unknown> = {}, connection = 'hostile') => {
        const browser = new TestBrowser({ [issuer]: app.url });
        const address = await begin(browser, connection);
        for (const one of [hostile, other]) one.lies = { claims };
        const visit = await browser.visit(address, 'https://shop.example');
        return { browser, code: /Code: (\w+)/.exec(visit.body)?.[1], url: visit.url };
      },
      me: async (browser) => {
        const cookie = `gid_session=${browser.cookie(issuer, 'gid_session') ?? ''}`;
        const headers = { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' };
        return (await app.ask('{ me { id } }', { headers })).data?.['me'] as { id: string } | null;
      },
      query: async (text) => {
        const { data, errors } = await app.ask(text, { token: administrator });
        expect(errors).toEqual([]);
        return data as Record<string, unknown>;
      },
      connectionId: (name) => Promise.resolve(ids.get(name) ?? ''),
    };
  }, 60_000);
  afterAll(async () => {
    await Promise.all([hostile.close(), other.close()]);
    await app.close();
  });
  beforeEach(() => {
    const plain = { lies: {}, tokenAnswer: null, tokens: { access_token: 'a' }, profile: null, exchanges: 0 };
    for (const one of [hostile, other]) Object.assign(one, plain);
  });

  const refusals = () =>
    scene.query('{ auditEvents(first: 1, action: "login.refuse") { nodes { result targetType details } } }');

  it('OAU-01 refuses an answer without state, with a used one, and an ID token without nonce', async () => {
    const { browser, url } = await scene.signIn({ sub: 'oau-1' });
    expect(url).toBe(home);
    const address = await scene.begin(browser);
    const stateless = await browser.visit(address.replace(/&state=.*/, ''));
    expect(stateless.body).toContain('LOGIN_TRANSACTION_INVALID');
    expect((await browser.visit(address, 'https://shop.example')).url).toBe(home);
    expect((await browser.visit(address)).body).toContain('LOGIN_TRANSACTION_INVALID');
    expect((await scene.signIn({ sub: 'oau-1', nonce: undefined })).code).toBe('LOGIN_FAILED');
    expect(await refusals()).toEqual({
      auditEvents: {
        nodes: [{ result: 'DENIED', targetType: 'Connection', details: { code: 'LOGIN_FAILED', clientId } }],
      },
    });
  });

  it('1.3-1 ends a session with the provider’s own where the connection honours that, and refuses one that is over', async () => {
    const hour = 3_600;
    const now = Math.floor(Date.now() / 1_000);
    const ends = async (browser: TestBrowser) => {
      const cookie = `gid_session=${browser.cookie(issuer, 'gid_session') ?? ''}`;
      const headers = { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' };
      const { data } = await app.ask('{ currentSession { createdAt expiresAt idleExpiresAt } }', { headers });
      const times = data?.['currentSession'] as Record<string, string>;
      return [times['expiresAt'], times['idleExpiresAt']].map((one) => Date.parse(one ?? '') / 1_000);
    };
    const told = { sub: 'ending', session_expiry: now + hour };
    const bound = await scene.signIn(told, 'ending');
    expect(await ends(bound.browser)).toEqual([now + hour, now + hour]);
    // Elsewhere, and where it is no time, the limits here count alone.
    const free = await scene.signIn(told);
    expect((await ends(free.browser))[0]).toBeGreaterThan(now + 24 * hour);
    const odd = await scene.signIn({ ...told, session_expiry: 'soon' }, 'ending');
    expect((await ends(odd.browser))[0]).toBeGreaterThan(now + 24 * hour);
    const over = await scene.signIn({ ...told, session_expiry: now - 1 }, 'ending');
    expect([over.code, await scene.me(over.browser)]).toEqual(['LOGIN_FAILED', null]);
  });

  it('OAU-03 sends a challenge by S256, and its verifier with the code', async () => {
    const browser = new TestBrowser({ [issuer]: app.url });
    const sent = await browser.request(`${issuer}/login/hostile?client_id=${clientId}`);
    const there = new URL(sent.headers.get('location') ?? '').searchParams;
    expect([there.get('code_challenge_method'), there.get('code_challenge')?.length]).toEqual(['S256', 43]);
    await scene.signIn({ sub: 'oau-3' });
    expect(hostile.lastExchange.get('code_verifier')).toMatch(/^[\w-]{43,128}$/);
  });

  it('OAU-05 makes two users of one subject at two issuers, and none of a subject that is no text', async () => {
    const [one, two] = [await scene.signIn({ sub: 'twin' }), await scene.signIn({ sub: 'twin' }, 'other')];
    expect([await scene.me(one.browser), await scene.me(two.browser)]).toEqual([
      { id: 'oidc|hostile|twin' },
      { id: 'oidc|other|twin' },
    ]);
    for (const sub of [null, 7, '', 'x'.repeat(10_240), { $ne: 1 }]) {
      const { code, browser } = await scene.signIn({ sub });
      expect([sub, code]).toEqual([sub, 'LOGIN_FAILED']);
      expect(await scene.me(browser)).toBeNull();
    }
  });

  it('OAU-06 refuses an answer through a connection that was disabled after the start', async () => {
    const browser = new TestBrowser({ [issuer]: app.url });
    const address = await scene.begin(browser);
    const change =
      'mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { connection { id } } }';
    await scene.mutate(change, { input: { id: ids.get('hostile'), isEnabled: false } });
    expect((await browser.visit(address)).body).toContain('CONNECTION_DISABLED');
    await scene.mutate(change, { input: { id: ids.get('hostile'), isEnabled: true } });
    expect(hostile.exchanges).toBe(0);
    expect((await scene.signIn({ sub: 'oau-6' })).url).toBe(home);
    const { errors } = await app.ask(
      'mutation { unlinkIdentity(input: { userId: "oidc|hostile|oau-6", provider: "oidc", providerUserId: "hostile|oau-6" }) { user { id } } }',
      { token: await app.administrator() },
    );
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['LAST_IDENTITY']);
  });

  it('OAU-08 exchanges a code that 20 tabs bring at once a single time, and makes one session of it', async () => {
    const browser = new TestBrowser({ [issuer]: app.url });
    const address = await scene.begin(browser);
    hostile.lies = { claims: { sub: 'oau-8' } };
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.request(address)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(hostile.exchanges).toBe(1);
    const { user } = await scene.query('{ user(id: "oidc|hostile|oau-8") { sessions { totalCount } } }');
    expect(user).toEqual({ sessions: { totalCount: 1 } });
  });

  it('OAU-04 links nobody because an address is equal, verified by the provider’s word or not', async () => {
    await app.givenUser({ email: 'victim@corp.example', emailVerified: true });
    const claims = { sub: 'thief', email: 'victim@corp.example', email_verified: true };
    const { browser } = await scene.signIn(claims);
    expect(await scene.me(browser)).toEqual({ id: 'oidc|hostile|thief' });
    const { usersByEmail } = await scene.query(
      '{ usersByEmail(email: "victim@corp.example") { emailVerified identities { connection } } }',
    );
    expect(usersByEmail).toHaveLength(2);
    expect(usersByEmail).toContainEqual({ emailVerified: false, identities: [{ connection: 'hostile' }] });
  });

  it('OAU-10 asks no private address that a connection or a discovery names', async () => {
    for (const address of ['https://169.254.169.254', 'https://[::ffff:10.0.0.1]', 'http://127.0.0.2:9']) {
      const name = `inside-${address.replace(/\W/g, '')}`;
      const created = await app.ask(
        'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
        {
          token: await app.administrator(),
          variables: { input: { name, strategy: 'oidc', oauth: { clientId: 'x', issuer: address } } },
        },
      );
      if (created.errors.length > 0) expect(created.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
      else {
        const browser = new TestBrowser({ [issuer]: app.url });
        const sent = await browser.request(`${issuer}/login/${name}?client_id=${clientId}`);
        expect(sent.body).toContain('PROVIDER_UNAVAILABLE');
      }
    }
    const leading = await startHostileProvider('leading');
    leading.metadata = { jwks_uri: 'http://127.0.0.2:9/jwks', token_endpoint: 'http://127.0.0.2:9/token' };
    await scene.mutate(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      {
        input: { name: 'leading', strategy: 'oidc', oauth: { clientId: 'leading', issuer: leading.issuer } },
      },
    );
    expect((await scene.signIn({}, 'leading')).code).toBe('PROVIDER_UNAVAILABLE');
    expect(leading.exchanges).toBe(0);
    await leading.close();
  });

  it('OAU-11 takes over no more of a profile than the mapping allows', async () => {
    await scene.mutate(
      'mutation ($input: AddBlacklistedAttributesInput!) { addBlacklistedAttributes(input: $input) { __typename } }',
      { input: { scope: 'TENANT', names: ['shoe_size'] } },
    );
    hostile.profile =
      '{"sub":"bob","__proto__":{"isAdmin":true},"constructor":{"x":1},"roles":["Administrator"],"permissions":["update:users"],"blocked":false,"user_id":"auth0|root","app_metadata":{"plan":"gold"},"shoe_size":"never-stored","name":"<script>alert(1)</script>"}';
    hostile.tokenAnswer = null;
    const { browser, code } = await scene.signIn({ sub: 'bob' });
    expect([code, await scene.me(browser)]).toEqual([undefined, { id: 'oidc|hostile|bob' }]);
    const { user } = await scene.query(
      '{ user(id: "oidc|hostile|bob") { name blocked attributes roles { name } permissions { nodes { permission { name } } } metadata { app } } }',
    );
    expect(user).toMatchObject({ name: '<script>alert(1)</script>', roles: [], metadata: { app: {} } });
    expect((user as { permissions: { nodes: unknown[] } }).permissions.nodes).toEqual([]);
    expect(JSON.stringify(user)).not.toMatch(/never-stored|isAdmin/);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('OAU-11 reads no profile of 10 MB, and none above 64 KiB', async () => {
    hostile.profile = JSON.stringify({ sub: 'large', text: 'x'.repeat(10 * 1024 * 1024) });
    expect((await scene.signIn({ sub: 'large' })).code).toBe('PROVIDER_UNAVAILABLE');
    hostile.profile = { sub: 'large', text: 'x'.repeat(70_000) };
    expect((await scene.signIn({ sub: 'large' })).code).toBe('LOGIN_FAILED');
    expect(await scene.query('{ user(id: "oidc|hostile|large") { id } }')).toEqual({ user: null });
  });

  it('refuses a profile of somebody else than the ID token’s subject', async () => {
    hostile.profile = { sub: 'another' };
    expect((await scene.signIn({ sub: 'changed' })).code).toBe('LOGIN_FAILED');
  });

  it('takes people without an address, and clocks that differ by less than a minute', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const { browser } = await scene.signIn({ sub: 'nameless', iat: now + 40, exp: now + 300 });
    expect(await scene.me(browser)).toEqual({ id: 'oidc|hostile|nameless' });
    expect(await scene.query('{ user(id: "oidc|hostile|nameless") { email emailVerified } }')).toEqual({
      user: { email: null, emailVerified: null },
    });
    expect((await scene.signIn({ sub: 'nameless', iat: now - 400, exp: now - 40 })).code).toBeUndefined();
    expect((await scene.signIn({ sub: 'nameless', iat: now - 400, exp: now - 90 })).code).toBe(
      'LOGIN_FAILED',
    );
  });

  appleCases(() => scene);
  trustCases(() => scene);
  tokenCases(() => scene);
  logoutCases(() => scene);
  signOutCases(() => scene);
  wishCases(() => scene);
  signatureCases(() => scene);
});
