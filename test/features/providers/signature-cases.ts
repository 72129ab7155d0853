import { startHostileProvider } from '#test/support/openid-provider';
import { TestBrowser } from '#test/support/browser';
import { issuer, type ProviderScene } from './provider-word.http.test';

/** Who has to have signed what a provider says, and in whose name the browser brings it. */
export function signatureCases(current: () => ProviderScene): void {
  /** A provider of its own, of which nothing is known yet, and what becomes of a sign-in there. */
  const givenStrange = async (name: string) => {
    const strange = await startHostileProvider('gatehouse');
    await current().mutate(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      {
        input: {
          ...{ name, strategy: 'oidc' },
          oauth: { clientId: 'gatehouse', clientSecret: 'secret', issuer: strange.issuer },
        },
      },
    );
    const browser = new TestBrowser({ [issuer]: current().app.url });
    const codeIn = (body: string): string | undefined => /Code: (\w+)/.exec(body)?.[1];
    const come = async (lies: typeof strange.lies) => {
      const sent = await browser.request(`${issuer}/login/${name}?client_id=${current().clientId}`);
      if (sent.headers.get('location') === null) return [codeIn(sent.body), await current().me(browser)];
      const there = new URL(sent.headers.get('location') ?? '').searchParams;
      Object.assign(strange, { nonce: there.get('nonce') ?? '', lies });
      const answer = `${issuer}/login/callback/${name}?code=c&state=${there.get('state') ?? ''}`;
      const visit = await browser.visit(answer, 'https://shop.example');
      return [codeIn(visit.body), await current().me(browser)];
    };
    return { strange, come };
  };

  it.each([
    ['of another key', 'another key'],
    ['of a key that its own header brings along or names an address of', 'its own key'],
    ['by an algorithm that the provider announces and nobody here takes', 'RS512'],
  ] as const)('3.8-3 OAU-01 refuses an ID token with a signature %s', async (_title, alg) => {
    const name = `signed-${alg.replaceAll(' ', '-')}`;
    const { strange, come } = await givenStrange(name);
    strange.metadata = { id_token_signing_alg_values_supported: ['RS256', 'RS512', 'HS256', 'none'] };
    for (const lie of [alg, 'HS256', 'none'] as const)
      expect([lie, ...(await come({ alg: lie }))]).toEqual([lie, 'LOGIN_FAILED', null]);
    expect(await come({})).toEqual([undefined, { id: `oidc|${name}|mallory` }]);
    expect(strange.strays).toBe(0);
    await strange.close();
  });

  it('OAU-11 reads no list of keys and no discovery of 10 MB, and asks again at the next sign-in', async () => {
    const { strange, come } = await givenStrange('large');
    const large = { note: 'x'.repeat(10 * 1024 * 1024) };
    strange.metadata = large;
    expect(await come({})).toEqual(['PROVIDER_UNAVAILABLE', null]);
    Object.assign(strange, { metadata: {}, besideKeys: large });
    expect(await come({})).toEqual(['PROVIDER_UNAVAILABLE', null]);
    strange.besideKeys = {};
    expect(await come({})).toEqual([undefined, { id: 'oidc|large|mallory' }]);
    await strange.close();
  });

  it('OAU-05 makes users of their own of ids that look like the stored id of somebody', async () => {
    const idOf = async (sub: string): Promise<unknown> => {
      const { browser, code } = await current().signIn({ sub });
      expect([sub, code]).toEqual([sub, undefined]);
      return (await current().me(browser))?.id;
    };
    const looking = ['stored', 'oidc|stored', 'hostile|stored', 'oidc|hostile|stored', 'Stored'];
    const ids = [];
    for (const sub of looking) ids.push(await idOf(sub));
    expect(ids).toEqual(looking.map((sub) => `oidc|hostile|${sub}`));
    expect(await idOf('stored')).toBe('oidc|hostile|stored');
    expect(await idOf('hostile|stored')).toBe('oidc|hostile|hostile|stored');
    // Nothing is cut off to make an id of it.
    for (const sub of [' stored', 'stored ']) {
      const { browser, code } = await current().signIn({ sub });
      expect([sub, code, await current().me(browser)]).toEqual([sub, 'LOGIN_FAILED', null]);
    }
  });

  it.each([
    ['an id with a zero byte', { sub: 'zero\0byte' }],
    ['an id with half a character', { sub: 'half\ud800' }],
    ['a name with a zero byte', { sub: 'zero-name', name: 'zero\0byte' }],
    ['a name with half a character', { sub: 'half-name', name: 'half\ud800' }],
    ['zero bytes deep inside', { sub: 'zero-deep', department: { deep: ['zero\0byte', { 'a\0b': 1 }] } }],
    ['an address with a zero byte', { sub: 'zero-mail', email: 'a\0b@corp.example', email_verified: true }],
    ['groups with zero bytes', { sub: 'zero-groups', groups: ['a\0b'] }],
    ['words with zero bytes', { sub: 'zero-word', acr: 'a\0b', amr: ['a\0b'], sid: 'a\0b' }],
  ])(
    'OAU-05 OAU-11 answers %s with a session or a code, and never with a fault of its own',
    async (_t, claims) => {
      const { code } = await current().signIn(claims);
      expect([undefined, 'LOGIN_FAILED']).toContain(code);
      expect(current().heard.join('\n')).not.toMatch(/"level":50/);
    },
  );

  it('3.2 refuses an answer in the name of another issuer (RFC 9207), before the code is sent anywhere', async () => {
    const { hostile, begin, me, app } = current();
    const browser = new TestBrowser({ [issuer]: app.url });
    for (const [iss, code] of [
      ['https://evil.example', 'LOGIN_FAILED'],
      [`${hostile.issuer}/`, 'LOGIN_FAILED'],
      [hostile.issuer, undefined],
    ] as const) {
      const address = `${await begin(browser)}&iss=${encodeURIComponent(iss)}`;
      hostile.exchanges = 0;
      const visit = await browser.visit(address, 'https://shop.example');
      const found = /Code: (\w+)/.exec(visit.body)?.[1];
      expect([iss, found, hostile.exchanges]).toEqual([iss, code, code === undefined ? 1 : 0]);
    }
    expect(await me(browser)).toEqual({ id: 'oidc|hostile|mallory' });
  });

  it.each([
    ['a profile of 10 MB', { text: 'x'.repeat(10 * 1024 * 1024) }, {}, 'PROVIDER_UNAVAILABLE'],
    ['a profile of more than 64 KiB', { text: 'x'.repeat(70_000) }, {}, 'LOGIN_FAILED'],
    ['a profile of another subject', { sub: 'somebody' }, {}, 'LOGIN_FAILED'],
    ['no subject', {}, { sub: null }, 'LOGIN_FAILED'],
    ['a clock that is two minutes behind', {}, { iat: 0, exp: -120 }, 'LOGIN_FAILED'],
  ])(
    'refuses %s with a code, a record and a page that says what to do',
    async (_title, profile, lies: Record<string, number | null>, code) => {
      const { hostile, begin, me, app, query, clientId } = current();
      const browser = new TestBrowser({ [issuer]: app.url });
      const address = await begin(browser);
      const now = Math.floor(Date.now() / 1_000);
      hostile.profile = { sub: 'bad-input', ...profile };
      const claims = Object.entries(lies).map(([name, value]) => [name, value === null ? null : now + value]);
      hostile.lies = { claims: { sub: 'bad-input', ...Object.fromEntries(claims) } };
      const { body } = await browser.visit(address, 'https://shop.example');
      expect([/<h1>([^<]*)/.exec(body)?.[1], /Code: (\w+)/.exec(body)?.[1]]).toEqual([
        'Signing in did not work',
        code,
      ]);
      expect(body).toMatch(/role="alert">[^<]*(Start again|Try again later)/);
      expect(body).toContain('>Start again</a>');
      const told = await query(
        '{ auditEvents(first: 1) { nodes { action result details } } user(id: "oidc|hostile|bad-input") { id } }',
      );
      expect(told).toEqual({
        auditEvents: {
          nodes: [{ action: 'login.refuse', result: 'DENIED', details: { code, clientId } }],
        },
        user: null,
      });
      expect(await me(browser)).toBeNull();
    },
  );
}
