import { eachDatabase } from '#test/support/databases';
import { issuer, page, shop, startLandingScene, type LandingScene } from './landing-scene';
import { settingCases } from './setting-cases';

eachDatabase('profiles for landing pages', (database) => {
  let scene: LandingScene;
  beforeAll(async () => {
    scene = await startLandingScene(database);
  }, 60_000);
  afterAll(() => scene.close());
  beforeEach(async () => {
    // Starts are limited by the minute.
    await scene.wait(120);
    scene.provider.account = {
      ...{ sub: 'ada', email: 'ada@corp.example', email_verified: true },
      ...{ name: 'Ada Byron', given_name: 'Ada', family_name: 'Byron', nickname: 'never-given' },
    };
  });

  const proof = (token: unknown, clientId = scene.clientId) =>
    scene.app.ask(
      'query ($token: String!, $clientId: ID!) { verifyLeadProof(token: $token, clientId: $clientId) { id origin name email emailVerified provider } }',
      { variables: { token, clientId } },
    );

  it('gives the page the configured profile and a proof of it, and says so to its owners', async () => {
    const { status, body, headers } = await scene.capture();
    expect([status, body['profile']]).toEqual([
      200,
      { name: 'Ada Byron', email: 'ada@corp.example', emailVerified: true },
    ]);
    expect(headers.get('access-control-allow-origin')).toBe(shop);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const { data } = await scene.query(
      `query ($id: ID!) { landingPageCaptures(clientId: $id, first: 1) { totalCount nodes {
        connection origin consentTextId attributes userId } } }`,
      { id: scene.clientId },
    );
    expect(data).toMatchObject({
      landingPageCaptures: {
        nodes: [
          {
            ...{ connection: 'corp', origin: shop, consentTextId: null, userId: null },
            attributes: ['NAME', 'EMAIL', 'EMAIL_VERIFIED'],
          },
        ],
      },
    });
    // CAPTURE_ONLY: nobody was made of it.
    const { data: found } = await scene.query('{ usersByEmail(email: "ada@corp.example") { id } }');
    expect(found).toEqual({ usersByEmail: [] });
  });

  it.each([
    ['null', 'null'],
    ['another host', 'https://shop.example.evil.example'],
    ['a longer host', 'https://evilshop.example'],
    ['another scheme', 'http://shop.example'],
    ['another port', 'https://shop.example:8443'],
    ['a subdomain', 'https://www.shop.example'],
    ['no origin', null],
  ])('7.3-1 refuses %s with 403 and no CORS headers', async (_title, origin) => {
    const answer = await scene.start({}, origin);
    expect([answer.status, answer.code]).toEqual([403, 'LANDING_PAGE_REFUSED']);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await fetch(`${scene.app.url}/embed/start`, {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST', ...(origin === null ? {} : { origin }) },
    });
    expect(preflight.status).toBe(403);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('7.3-1 refuses an unknown page, a disabled one, an application that signs in, and a form', async () => {
    const off = await scene.addPage('Off', { isEnabled: false });
    const made = await scene.mutate(
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }',
      { name: 'Web', type: 'SINGLE_PAGE', allowedEmbedOrigins: [shop], callbacks: [page] },
    );
    const web = made['createApplication']?.['application']?.['id'];
    for (const clientId of ['app_none', off, web, 7, undefined]) {
      expect((await scene.start({ clientId })).code).toBe('LANDING_PAGE_REFUSED');
    }
    // JSON only, so that a browser asks before it sends.
    const form = await fetch(`${scene.app.url}/embed/start`, {
      ...{ method: 'POST', body: '{}' },
      headers: { 'content-type': 'text/plain', origin: shop },
    });
    expect(form.status).toBe(415);
    const listed = await fetch(`${scene.app.url}/embed/token`, {
      method: 'OPTIONS',
      headers: { origin: shop, 'access-control-request-method': 'POST' },
    });
    expect([listed.status, listed.headers.get('access-control-allow-origin')]).toEqual([204, shop]);
    expect(listed.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('signs nobody in through a landing page', async () => {
    const { errors } = await scene.app.ask(
      'mutation ($id: ID!) { beginLogin(input: { connection: "corp", clientId: $id }) { url } }',
      { variables: { id: scene.clientId } },
    );
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  it('7.3-2 hands a profile out once, for the right verifier, code and origin alone', async () => {
    const begun = await scene.begin();
    const code = scene.codeOf(await scene.visit(begun.url));
    expect(code).toMatch(/^[\w-]{43}$/);
    const wrong = [
      await scene.take({ ...begun, verifier: scene.verifierOf() }, { code }),
      await scene.take({ ...begun, verifier: '' }, { code }),
      await scene.take(begun, { code: scene.verifierOf() }),
      await scene.take(begun, { code: '' }),
    ];
    expect(wrong.map(({ status, code: error }) => [status, error])).toEqual(
      wrong.map(() => [400, 'PROFILE_CODE_INVALID']),
    );
    expect((await scene.take(begun, { code }, 'https://other.example')).code).toBe('LANDING_PAGE_REFUSED');
    // One code sent ten times at once is good for one profile.
    const all = await Promise.all(Array.from({ length: 10 }, () => scene.take(begun, { code })));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await scene.take(begun, { code })).code).toBe('PROFILE_CODE_INVALID');
  });

  it('7.3-2 hands a profile out within a minute, and takes an answer within five', async () => {
    const late = await scene.begin();
    const code = scene.codeOf(await scene.visit(late.url));
    await scene.wait(61);
    expect((await scene.take(late, { code })).code).toBe('PROFILE_CODE_INVALID');
    const early = await scene.begin();
    await scene.visit(early.url);
    await scene.wait(58);
    expect((await scene.take(early)).status).toBe(200);
    const slow = await scene.begin();
    await scene.wait(301);
    const visit = await scene.visit(slow.url);
    expect([visit.status, visit.body]).toEqual([400, expect.stringContaining('PROFILE_LINK_INVALID')]);
  });

  it('7.3-3 tells the registered origin alone, and hands nothing to whoever pretends to be the page', async () => {
    // A program can send any Origin. It lures somebody to the address that it got, from its own page or from nowhere.
    const lured = await scene.begin();
    expect((await scene.visit(lured.url, 'https://evil.example/')).body).toContain('PROFILE_LINK_INVALID');
    const hidden = await scene.visit(lured.url, null);
    expect(hidden.body).toContain(`data-origin="${shop}"`);
    expect((await scene.take(lured)).status).toBe(202);
    // The code is told to a window of the page's origin, and to no other.
    expect((await scene.take(lured, { code: scene.codeOf(hidden) })).status).toBe(200);
    const redirect = await scene.begin({ mode: 'redirect', page });
    expect((await scene.visit(redirect.url, null)).body).toContain('PROFILE_LINK_INVALID');
  });

  it('7.3-4 answers the page that asks by itself, when the popup could not tell it', async () => {
    const begun = await scene.begin();
    expect((await scene.take(begun)).body).toEqual({ pending: true });
    const end = await scene.visit(begun.url);
    expect(end.headers.get('cross-origin-opener-policy')).toBe('unsafe-none');
    expect((await scene.take(begun)).body['profile']).toMatchObject({ name: 'Ada Byron' });
    const other = await fetch(`${scene.app.url}/login/callback/corp`);
    expect(other.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('7.3-5 gives, signs and keeps nothing of what the blacklist names', async () => {
    const clientId = await scene.addPage('Denied');
    await scene.configure(clientId, { returnedAttributes: ['NAME', 'FAMILY_NAME', 'EMAIL', 'PROVIDER'] });
    await scene.mutate(
      'mutation ($input: AddBlacklistedAttributesInput!) { addBlacklistedAttributes(input: $input) { __typename } }',
      { scope: 'TENANT', names: ['family_name'] },
    );
    const { body } = await scene.capture({ clientId });
    expect(body['profile']).toEqual({ name: 'Ada Byron', email: 'ada@corp.example', provider: 'oidc' });
    const [, claims = ''] = String(body['leadProof']).split('.');
    expect(Buffer.from(claims, 'base64url').toString()).not.toMatch(/Byron"[^}]*familyName|never-given/);
    const { data } = await scene.query('{ auditEvents(first: 5) { nodes { action details changedPaths } } }');
    expect(JSON.stringify(data)).toContain('landing_page.capture');
    expect(JSON.stringify(data)).not.toMatch(/Byron|corp\.example/);
    await scene.mutate(
      'mutation ($input: RemoveBlacklistedAttributesInput!) { removeBlacklistedAttributes(input: $input) { __typename } }',
      { scope: 'TENANT', names: ['family_name'] },
    );
  });

  it('7.3-6 sets the transaction cookie in the popup and nothing else, and signs nobody in', async () => {
    const begun = await scene.begin();
    const visitor = scene.browser();
    const steps: string[] = [];
    let next: string | null = begun.url;
    while (next !== null) {
      const step = await visitor.request(next, undefined, { referer: `${shop}/` });
      if (step.url.startsWith(issuer)) steps.push(...step.headers.getSetCookie());
      const location: string | null = step.headers.get('location');
      next = location === null ? null : new URL(location, step.url).href;
    }
    expect(steps.map((cookie) => cookie.split('=')[0])).toEqual(['gid_txn']);
    const taken = await scene.take(begun);
    expect(taken.headers.getSetCookie()).toEqual([]);
    const cookie = `gid_txn=${visitor.cookie(issuer, 'gid_txn') ?? ''}`;
    const { data } = await scene.app.ask('{ me { id } currentSession { id } }', {
      headers: { cookie, origin: issuer },
    });
    expect(data).toEqual({ me: null, currentSession: null });
    const { errors } = await scene.app.ask('{ me { id } }', { token: String(taken.body['leadProof']) });
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('7.3-7 detects a changed field by the proof, and refuses changed, foreign and old proofs', async () => {
    const { body } = await scene.capture();
    const token = String(body['leadProof']);
    const { data } = await proof(token);
    expect(data?.['verifyLeadProof']).toMatchObject({
      ...{ origin: shop, name: 'Ada Byron', email: 'ada@corp.example', emailVerified: true, provider: null },
    });
    const [head, claims = '', signature] = token.split('.');
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { profile: object };
    const forged = { ...said, profile: { ...said.profile, email: 'boss@corp.example' } };
    const changed = [head, Buffer.from(JSON.stringify(forged)).toString('base64url'), signature].join('.');
    const unsigned = `${Buffer.from('{"alg":"none","typ":"lead+jwt"}').toString('base64url')}.${claims}.`;
    const other = await scene.addPage('Elsewhere');
    for (const [text, clientId] of [
      ...[
        [changed],
        [unsigned],
        [await scene.app.administrator()],
        ['no token'],
        [`${token}${'x'.repeat(8_192)}`],
      ],
      [token, other],
    ]) {
      expect(await proof(text, clientId)).toMatchObject({ data: { verifyLeadProof: null }, errors: [] });
    }
    await scene.wait(601);
    expect((await proof(token)).data).toEqual({ verifyLeadProof: null });
  });

  it('7.3-8 passes markup in a name on as text, and never into a page', async () => {
    const name = '<img src=x onerror="alert(1)">';
    scene.provider.account = { ...scene.provider.account, name };
    const begun = await scene.begin();
    const end = await scene.visit(begun.url);
    expect(end.body).not.toContain('onerror');
    expect(end.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'sha256-/);
    const taken = await scene.take(begun);
    expect(taken.headers.get('content-type')).toContain('application/json');
    expect(taken.body['profile']).toMatchObject({ name });
  });

  it('goes to the provider once, and shows the end in the browser that went', async () => {
    const begun = await scene.begin();
    const visitor = scene.browser();
    const end = await scene.visit(begun.url, `${shop}/`, visitor);
    expect((await scene.visit(begun.url, `${shop}/`, visitor)).body).toContain('PROFILE_LINK_INVALID');
    const elsewhere = await scene.browser().request(end.url);
    expect(elsewhere.body).toContain('PROFILE_LINK_INVALID');
    // A page that is loaded again has no second code.
    expect(scene.codeOf(await visitor.request(end.url))).toBe('');
  });

  it('WEB-01 leads a redirect back to no page but a registered one', async () => {
    const pages = [
      ...['https://evil.example/offer', `${shop}@evil.example/offer`, '//evil.example', '/\\evil.example'],
      ...['javascript:alert(1)', `${shop}.evil.example/offer`, `${page}/`, `${page}#x`, 'https:evil.example'],
      ...[`${shop}/%09/evil`, '／／evil.example', `${page}\r\nlocation: https://evil.example`, null],
    ];
    for (const wanted of pages) {
      const answer = await scene.start({ mode: 'redirect', page: wanted });
      expect([wanted, answer.status, answer.code]).toEqual([wanted, 400, 'PAGE_NOT_REGISTERED']);
    }
  });

  it('leads a redirect back with a handle and nothing else', async () => {
    const begun = await scene.begin({ mode: 'redirect', page });
    const back = await scene.visit(begun.url, page);
    expect(back.url).toBe(`${page}?gid_handle=${begun.handle}`);
    expect((await scene.take(begun)).body['profile']).toMatchObject({ email: 'ada@corp.example' });
  });

  it('says why a provider gave nothing, without its words', async () => {
    const begun = await scene.begin();
    const visitor = scene.browser();
    const sent = await visitor.request(begun.url, undefined, { referer: `${shop}/` });
    const state = new URL(sent.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const answer = `${issuer}/login/callback/corp?error=access_denied&error_description=%3Cscript%3E&state=${state}`;
    const end = await visitor.visit(answer);
    expect([end.status, scene.codeOf(end)]).toEqual([200, '']);
    const taken = await scene.take(begun);
    expect([taken.status, taken.code]).toEqual([403, 'PROFILE_REFUSED']);
    expect(JSON.stringify(taken.body)).toContain('"reason":"LOGIN_DENIED"');
    expect(JSON.stringify(taken.body)).not.toContain('script');
    expect((await visitor.visit(answer)).body).toContain('LOGIN_TRANSACTION_INVALID');
    const { data } = await scene.query(
      '{ auditEvents(first: 1, action: "landing_page.refuse") { nodes { result details } } }',
    );
    expect(data).toEqual({
      auditEvents: { nodes: [{ result: 'DENIED', details: { connection: 'corp', code: 'LOGIN_DENIED' } }] },
    });
  });

  settingCases(() => scene);
});
