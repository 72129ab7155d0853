import { TestBrowser } from '#test/support/browser';
import { issuer, type ProviderScene } from './provider-word.http.test';

const home = 'https://shop.example/signed-in';
const create =
  'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }';

/** What a sign-in asks of the provider: whom it may ask what, and how recent the proof there has to be. */
export function wishCases(current: () => ProviderScene): void {
  const now = (): number => Math.floor(Date.now() / 1_000);
  const browser = (): TestBrowser => new TestBrowser({ [issuer]: current().app.url });
  const begin = (input: object) =>
    current().app.ask('mutation ($input: BeginLoginInput!) { beginLogin(input: $input) { url } }', {
      variables: { input: { connection: 'hostile', clientId: current().clientId, ...input } },
    });
  const codeOf = (body: string): string | undefined => /Code: (\w+)/.exec(body)?.[1];
  /** Where a sign-in ends whose answer says this. */
  const ends = async (query: string, claims: object, connection = 'hostile') => {
    const visitor = browser();
    const address = await current().begin(visitor, connection, query);
    current().hostile.lies = { claims: { ...claims } };
    const { url, body } = await visitor.visit(address, 'https://shop.example');
    return { visitor, url, code: codeOf(body), me: await current().me(visitor) };
  };
  const lastRefusal = async (): Promise<unknown> => {
    const { auditEvents } = await current().query(
      '{ auditEvents(first: 1, action: "login.refuse") { nodes { result details } } }',
    );
    return (auditEvents as { nodes: { details: { code: string } }[] }).nodes[0]?.details.code;
  };

  it('3.2 asks the provider with `prompt` and `max_age`, from the page and the mutation', async () => {
    const sent = await browser().request(
      `${issuer}/login/hostile?client_id=${current().clientId}&prompt=select_account&max_age=300`,
    );
    const { data } = await begin({ prompt: 'LOGIN', maxAgeSeconds: 0 });
    const asked = [sent.headers.get('location') ?? '', (data?.['beginLogin'] as { url: string }).url];
    expect(
      asked.map((url) => ['prompt', 'max_age'].map((name) => new URL(url).searchParams.get(name))),
    ).toEqual([
      ['select_account', '300'],
      ['login', '0'],
    ]);
    const plain = new URL(((await begin({})).data?.['beginLogin'] as { url: string }).url).searchParams;
    expect([plain.has('prompt'), plain.has('max_age')]).toEqual([false, false]);
  });

  it('3.2 holds the answer to `max_age` by `auth_time`: one that is older, or does not tell, signs nobody in', async () => {
    const aged = (seconds: number) => ({ sub: 'aged', auth_time: now() - seconds });
    expect(await ends('&max_age=300', aged(300))).toMatchObject({
      url: home,
      me: { id: 'oidc|hostile|aged' },
    });
    // The clocks may differ by a minute.
    expect((await ends('&max_age=300', aged(350))).url).toBe(home);
    for (const claims of [aged(370), { sub: 'aged' }, { sub: 'aged', auth_time: 'now' }]) {
      const { code, me } = await ends('&max_age=300', claims);
      expect([claims, code, me, await lastRefusal()]).toEqual([claims, 'LOGIN_FAILED', null, 'LOGIN_FAILED']);
    }
    expect((await ends('&max_age=0', aged(120))).code).toBe('LOGIN_FAILED');
    expect((await ends('', aged(9_999))).url).toBe(home);
  });

  it.each([
    ['login_required', 'login_required', 'LOGIN_REQUIRED'],
    ['interaction_required', 'login_required', 'LOGIN_REQUIRED'],
    ['consent_required', 'login_required', 'LOGIN_REQUIRED'],
    ['account_selection_required', 'login_required', 'LOGIN_REQUIRED'],
    ['access_denied', 'access_denied', 'LOGIN_DENIED'],
    ['<b>made up</b>', 'server_error', 'LOGIN_FAILED'],
  ])(
    '3.2 6.5-6 tells the application where nothing may be asked and the provider says %s: %s',
    async (error, told, code) => {
      const said = `error=${encodeURIComponent(error)}&error_description=%3Cscript%3E`;
      for (const [query, url] of [
        ['&prompt=none', `${home}#error=${told}&error_description=${code}`],
        ['', null],
      ] as const) {
        const visitor = browser();
        const address = (await current().begin(visitor, 'hostile', query)).replace('code=c', said);
        const visit = await visitor.visit(address, 'https://shop.example');
        if (url === null) {
          expect([visit.status, codeOf(visit.body)]).toEqual([403, code]);
          expect(visit.body).not.toMatch(/<b>|<script>|made up/);
        } else expect(visit.url).toBe(url);
        expect([await current().me(visitor), await lastRefusal()]).toEqual([null, code]);
      }
    },
  );

  it('6.4 signs in silently who needs to be asked nothing, and asks nobody who does', async () => {
    const { app, mutate, hostile, clientId } = current();
    expect(await ends('&prompt=none', { sub: 'silent' })).toMatchObject({
      ...{ url: home, me: { id: 'oidc|hostile|silent' } },
    });
    // Somebody who may have an account here.
    await app.givenUser({ email: 'silent@corp.example', emailVerified: true });
    await mutate(create, {
      input: {
        ...{ name: 'asking', strategy: 'oidc', linking: 'PROMPT', linkingDomains: ['corp.example'] },
        emailVerifiedPolicy: 'TRUST_CLAIM',
        oauth: { clientId: 'gatehouse', clientSecret: 'secret', issuer: hostile.issuer },
      },
    });
    const claims = { sub: 'silent', email: 'silent@corp.example', email_verified: true };
    const told = `${home}#error=interaction_required&error_description=INTERACTION_REQUIRED`;
    expect(await ends('&prompt=none', claims, 'asking')).toMatchObject({ url: told, me: null });
    expect(await current().query('{ user(id: "oidc|asking|silent") { id } }')).toEqual({ user: null });
    expect((await ends('', claims, 'asking')).url).toContain(`${issuer}/login?flow=`);
    // A page elsewhere in the middle; nothing of the sign-in is left.
    const secret = 'a secret of more than thirty-two characters';
    await mutate(
      'mutation ($input: SaveLoginRedirectInput!) { saveLoginRedirect(input: $input) { loginRedirect { name } } }',
      { input: { name: 'silent', url: 'https://steps.example', secret, applicationIds: [clientId] } },
    );
    const away = await ends('&prompt=none', { sub: 'silent-away' });
    expect(away).toMatchObject({ url: told, me: null });
    expect(await current().query('{ user(id: "oidc|hostile|silent-away") { id } }')).toEqual({ user: null });
    const visitor = browser();
    const asked = await visitor.visit(await current().begin(visitor), 'https://s');
    expect(asked.url).toContain('https://steps.example/');
    await mutate('mutation { deleteLoginRedirect(input: { name: "silent" }) { deletedName } }', {});
    // A blocked user is refused, not asked.
    await mutate('mutation { blockUser(input: { id: "oidc|hostile|silent" }) { user { id } } }', {});
    const { url } = await ends('&prompt=none', { sub: 'silent' });
    expect(url).toBe(`${home}#error=access_denied&error_description=INVALID_CREDENTIALS`);
  });

  it('6.5-2 6.5-3 6.5-4 comes back to what an application has registered, and to nothing that is only like it', async () => {
    const create =
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }';
    const fallback = 'https://default.example/';
    const application = async (type: string, callback: string, more = {}): Promise<string> => {
      const made = await current().mutate(create, {
        input: { name: callback, type, callbacks: [callback], defaultRedirectUri: fallback, ...more },
      });
      return made['createApplication']?.['application']?.['id'] as string;
    };
    /** Where the browser is told to go; nobody signs in, since the provider would have to ask. */
    const endsAt = async (id: string, returnTo: string): Promise<string | undefined> => {
      const visitor = browser();
      const query = new URLSearchParams({ client_id: id, return_to: returnTo, prompt: 'none' });
      const sent = await visitor.request(`${issuer}/login/hostile?${query.toString()}`);
      const state = new URL(sent.headers.get('location') ?? '').searchParams.get('state') ?? '';
      const back = await visitor.request(
        `${issuer}/login/callback/hostile?error=login_required&state=${state}`,
      );
      return back.headers.get('location')?.replace(/#.*$/, '');
    };
    const exact = 'https://a.example/cb';
    const [web, native, inDevelopment] = [
      await application('REGULAR_WEB', exact),
      await application('NATIVE', 'http://127.0.0.1/cb'),
      await application('REGULAR_WEB', 'https://*.example.com/cb', { devMode: true }),
    ];
    const cases: readonly (readonly [string, string, string])[] = [
      [web, exact, exact],
      ...['https://a.example/cb/', 'https://a.example/CB', `${exact}?x=1`, 'https://a.example:444/cb'].map(
        (asked) => [web, asked, fallback] as const,
      ),
      [native, 'http://127.0.0.1:49152/cb', 'http://127.0.0.1:49152/cb'],
      [native, 'http://localhost:49152/cb', fallback],
      [native, 'http://127.0.0.1:49152/other', fallback],
      [web, 'http://127.0.0.1:49152/cb', fallback],
      [inDevelopment, 'https://b.example.com/cb', 'https://b.example.com/cb'],
      [inDevelopment, 'https://a.b.example.com/cb', fallback],
      [inDevelopment, 'https://example.com/cb', fallback],
    ];
    for (const [id, asked, ends] of cases) expect([asked, await endsAt(id, asked)]).toEqual([asked, ends]);
    const refused = await current().app.ask(create, {
      token: await current().app.administrator(),
      variables: { input: { name: 'x', type: 'REGULAR_WEB', callbacks: ['https://*.example.com/cb'] } },
    });
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('3.2 refuses wishes that nobody could grant, instead of dropping them', async () => {
    const { mutate, clientId, hostile } = current();
    const at = `${hostile.issuer}/x`;
    await mutate(create, {
      input: {
        ...{ name: 'plain', strategy: 'oauth2', attributeMapping: { user_id: ['id'] } },
        oauth: {
          ...{ clientId: 'gatehouse', clientSecret: 'secret' },
          ...{ authorizationEndpoint: at, tokenEndpoint: at, userinfoEndpoint: at },
        },
      },
    });
    const refusal = async (input: object) => (await begin(input)).errors[0]?.extensions;
    for (const [input, field] of [
      [{ connection: 'plain', prompt: 'LOGIN' }, 'prompt'],
      [{ connection: 'plain', maxAgeSeconds: 60 }, 'maxAgeSeconds'],
      [{ maxAgeSeconds: -1 }, 'maxAgeSeconds'],
      [{ maxAgeSeconds: 31_536_001 }, 'maxAgeSeconds'],
    ] as const)
      expect([input, await refusal(input)]).toEqual([input, { code: 'BAD_USER_INPUT', field }]);
    expect([await refusal({ maxAgeSeconds: 31_536_000 }), await refusal({ connection: 'plain' })]).toEqual([
      undefined,
      undefined,
    ]);
    for (const query of ['prompt=anything', 'prompt=none%20login', 'max_age=-1', 'max_age=soon', 'max_age='])
      expect([
        query,
        codeOf((await browser().request(`${issuer}/login/hostile?client_id=${clientId}&${query}`)).body),
      ]).toEqual([query, 'BAD_USER_INPUT']);
  });
}
