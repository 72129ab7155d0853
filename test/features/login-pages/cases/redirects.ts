import { runInNewContext } from 'node:vm';
import { codeBlocks, docPage, operation } from '#test/docs/pages';
import { codeAt } from '#test/features/factors/support/code-at';
import { issuer, minute, password, type Person } from '#test/features/factors/support/factor-scene';
import { home, type LoginScene } from '#test/features/login-pages/support/login-scene';
import { secret, StepPage } from '#test/features/login-pages/support/step-page';
import type { Visitor } from '#test/features/login-pages/support/visitor';

const codeOf = (body: string): string | undefined => /Code: (\w+)/.exec(body)?.[1];
const save =
  'mutation ($input: SaveLoginRedirectInput!) { saveLoginRedirect(input: $input) { loginRedirect { name } } }';
const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) { session { id } result { __typename
  ... on RedirectRequired { url expiresAt } ... on MfaChallenge { mfaToken } } } }`;

/** Pages elsewhere in the middle of a sign-in, from every way in. */
export function redirectCases(opened: () => LoginScene): void {
  let scene: LoginScene;
  let page: StepPage;
  let clientId: string;
  let ada: Person;
  const made: string[] = [];

  beforeAll(async () => {
    scene = opened();
    page = new StepPage(scene);
    clientId = await scene.addApplication({
      ...{ name: 'Steps', callbacks: ['https://shop.example/cb'], defaultRedirectUri: home },
    });
  });
  beforeEach(async () => {
    ada = await scene.person('step');
  });
  afterEach(async () => {
    for (const name of made.splice(0))
      await scene.admin(
        'mutation ($name: String!) { deleteLoginRedirect(input: { name: $name }) { deletedName } }',
        { name },
      );
  });

  const redirect = async (name: string, more: object = {}): Promise<void> => {
    const url = `https://steps.example/${name}?lang=en`;
    const input = { name, url, secret, applicationIds: [clientId], ...more };
    await scene.admin(save, { input });
    made.push(name);
  };
  /** Signs in at the gateway's page as far as the first page elsewhere; answers its address. */
  const atStep = async (person = ada): Promise<{ visitor: Visitor; address: string }> => {
    const visitor = await scene.visitor().open(scene.page({ client_id: clientId, return_to: '/orders' }));
    await visitor.send('identify', { identifier: person.email });
    await visitor.send('password', { password });
    return { visitor, address: addressOf(visitor) };
  };
  const addressOf = (visitor: Visitor): string => {
    const refresh = visitor.visit.headers.get('refresh');
    return refresh === null ? visitor.visit.url : refresh.slice('0;url='.length);
  };
  const refused = async (visitor: Visitor, address: string) => {
    await visitor.open(address);
    return [codeOf(visitor.visit.body), visitor.session];
  };
  const refusals = async (): Promise<unknown[]> => {
    const data = await scene.admin(
      'query ($id: ID!) { auditEvents(first: 50, action: "login_redirect.refuse", targetId: $id) { nodes { result details } } }',
      { id: ada.id },
    );
    return data.auditEvents.nodes;
  };

  it('sends the browser to the page with state and a token that names the user, and signs in when it comes back', async () => {
    const payload = ['email', 'user_metadata.plan', 'phone_number'];
    await redirect('terms', { payload, tokenSeconds: 60, recordsMethod: true });
    const { visitor, address } = await atStep();
    expect([visitor.title, visitor.session]).toEqual(['One more step', undefined]);
    const { at, state, told } = page.read(address);
    expect([at, new URL(address).searchParams.get('lang')]).toEqual(['https://steps.example/terms', 'en']);
    expect(state).toMatch(/^[\w-]{43}$/);
    const now = Math.floor(scene.clock.now() / 1_000);
    expect(told).toEqual({
      ...{ sub: ada.id, iss: issuer, iat: now, exp: now + 60, jti: expect.any(String) },
      ...{ ip: expect.any(String), email: ada.email },
    });
    await visitor.open(page.back(address, await page.answer(address)));
    expect([visitor.visit.status, visitor.visit.url]).toEqual([303, 'https://shop.example/orders']);
    const headers = { cookie: `gid_session=${visitor.session ?? ''}`, origin: issuer };
    const { data } = await scene.app.ask('{ currentSession { assurance authenticationMethods { name } } }', {
      headers,
    });
    expect(data).toEqual({
      currentSession: {
        assurance: 'AAL1',
        authenticationMethods: [{ name: 'pwd' }, { name: 'custom' }],
      },
    });
  });

  it("6.5-5 refuses another user's token, one without this state, and any that the page did not sign now", async () => {
    await redirect('terms');
    const other = await scene.person('other');
    // More tokens that are not good: `redirect-token.test.ts`.
    const answers: ((address: string) => string | null | Promise<string>)[] = [
      (address) => page.answer(address, { sub: other.id }),
      (address) => page.answer(address, { state: null }),
      // What the page was told says who signs in, and is signed by the same key.
      (address) => page.read(address).token,
      () => null,
    ];
    for (const [index, make] of answers.entries()) {
      const { visitor, address } = await atStep();
      const back = page.back(address, await make(address));
      expect([index, ...(await refused(visitor, back))]).toEqual([index, 'LOGIN_STEP_INVALID', undefined]);
      // The visit is used up: a good answer comes too late.
      const late = page.back(address, await page.answer(address));
      if (index === 0) expect((await refused(visitor, late))[0]).toBe('LOGIN_STEP_INVALID');
    }
    expect(new Set((await refusals()).map((event) => JSON.stringify(event)))).toEqual(
      new Set([JSON.stringify({ result: 'DENIED', details: { redirect: 'terms', reason: 'token' } })]),
    );
    const pair = [await atStep(), await atStep()]; // One id of a token in two answers at the same time.
    const ways: string[] = [];
    for (const { address } of pair)
      ways.push(page.back(address, await page.answer(address, { jti: 'the same' })));
    await Promise.all(pair.map(({ visitor }, at) => visitor.open(ways[at] ?? '')));
    const [lost, ...more] = pair.filter(({ visitor }) => visitor.session === undefined);
    expect([lost?.visitor.visit.body, more]).toEqual([expect.stringContaining('LOGIN_STEP_INVALID'), []]);
  });

  it('goes on in the browser that was sent away, once, within an hour', async () => {
    await redirect('terms');
    const { visitor, address } = await atStep();
    const back = page.back(address, await page.answer(address));
    expect(await refused(scene.visitor(), back)).toEqual(['LOGIN_STEP_INVALID', undefined]);
    expect(await refused(scene.visitor(), `${issuer}/continue`)).toEqual(['LOGIN_STEP_INVALID', undefined]);
    await visitor.open(back);
    expect([visitor.visit.url, typeof visitor.session]).toEqual(['https://shop.example/orders', 'string']);
    expect((await refused(visitor, back))[0]).toBe('LOGIN_STEP_INVALID');
    const late = await atStep();
    await scene.pass(60 * minute);
    const answer = await page.answer(late.address);
    expect(await refused(late.visitor, page.back(late.address, answer))).toEqual([
      'LOGIN_STEP_INVALID',
      undefined,
    ]);
    const both = await atStep();
    const good = page.back(both.address, await page.answer(both.address));
    const visits = await Promise.all(Array.from({ length: 8 }, () => both.visitor.browser.request(good)));
    expect(visits.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('6.5-6 a step that is denied ends the sign-in without a session', async () => {
    await redirect('terms');
    const { visitor, address } = await atStep();
    const again = scene.page({ client_id: clientId, return_to: '/orders' });
    const back = page.back(address, await page.answer(address), { error: 'access_denied' });
    expect(await refused(visitor, back)).toEqual(['LOGIN_STEP_DENIED', undefined]);
    const details = { redirect: 'terms', reason: 'denied' };
    expect(await refusals()).toEqual([{ result: 'DENIED', details }]);
    await visitor.follow('Start again'); // Nobody is signed in silently: it asks for the password again.
    expect([visitor.title, visitor.visit.url]).toEqual(['Sign in', again]);
    const now = page.back(address, await page.answer(address));
    expect(await refused(visitor, now)).toEqual(['LOGIN_STEP_INVALID', undefined]);
    expect(visitor.visit.body).not.toContain('Start again');
  });

  it('6.5-7 two that concern a sign-in are both visited in order; five at most', async () => {
    for (const [name, position] of [
      ['second', 2],
      ['first', 1],
    ] as const)
      await redirect(name, { position });
    await redirect('off', { isEnabled: false });
    const elsewhere = await scene.addApplication({ name: 'Elsewhere' });
    await redirect('elsewhere', { applicationIds: [elsewhere] });
    await redirect('corp', { connections: ['corp'] });
    const walk = async (): Promise<readonly string[]> => {
      const seen: string[] = [];
      const { visitor, address } = await atStep();
      for (let at = address; at.startsWith('https://steps'); at = addressOf(visitor)) {
        seen.push(page.read(at).at.slice('https://steps.example/'.length));
        expect(visitor.session).toBeUndefined();
        await visitor.open(page.back(at, await page.answer(at)));
      }
      return [...seen, codeOf(visitor.visit.body) ?? visitor.visit.url];
    };
    expect(await walk()).toEqual(['first', 'second', 'https://shop.example/orders']);
    for (const name of ['third', 'fourth', 'fifth']) await redirect(name, { position: 3 });
    expect((await walk()).at(-1)).toBe('https://shop.example/orders');
    await redirect('sixth', { position: 6 });
    expect((await walk()).slice(-2)).toEqual(['third', 'LOGIN_STEP_LIMIT']);
  });

  it('works as docs/signing-in.md says', async () => {
    const docs = docPage('docs/signing-in.md');
    await scene.admin(operation(docs, 'AskForTerms'), { secret });
    made.push('terms');
    const { visitor, address } = await atStep();
    const [code = ''] = codeBlocks(docs, 'js');
    const given = { require, Date: scene.clock, Buffer, URLSearchParams };
    const { readVisit, wayBack } = runInNewContext(`${code}; ({ readVisit, wayBack })`, given) as {
      readVisit(token: string, secret: string): { email: string };
      wayBack(issuer: string, visit: object, state: string, secret: string): string;
    };
    const { state, token } = page.read(address);
    const visit = readVisit(token, secret);
    expect(visit.email).toBe(ada.email);
    expect(() => readVisit(`${token}x`, secret)).toThrow('not from the gateway');
    await visitor.open(wayBack(issuer, visit, state, secret));
    expect([visitor.visit.url, typeof visitor.session]).toEqual(['https://shop.example/orders', 'string']);
  });

  it('visits a page only where its conditions hold, and may take their end for the proof', async () => {
    const conditions = [
      { attribute: 'app_metadata.terms', operator: 'NOT_EQUALS', value: '2026-1' },
      { attribute: 'phoneNumber', operator: 'MISSING' },
    ];
    await redirect('terms', { conditions, proof: 'CONDITIONS' });
    const early = await atStep();
    expect(await refused(early.visitor, page.back(early.address, null))).toEqual([
      'LOGIN_STEP_DENIED',
      undefined,
    ]);
    const { visitor, address } = await atStep();
    await scene.admin(
      'mutation ($id: ID!) { setMetadataPath(input: { userId: $id, store: APP, path: "terms", value: "2026-1" }) { metadata { version } } }',
      { id: ada.id },
    );
    await visitor.open(page.back(address, null));
    expect(visitor.visit.url).toBe('https://shop.example/orders');
    expect((await atStep()).address).toBe('https://shop.example/orders');
  });

  it('tells the page nothing that is on the blacklist', async () => {
    const list = (verb: string) =>
      scene.admin(
        `mutation { ${verb}BlacklistedAttributes(input: { scope: TENANT, names: ["nickname"] }) { names } }`,
      );
    await redirect('terms', { payload: ['nickname', 'name'] });
    await list('add');
    const named = await scene.person('named', { name: 'Ada' });
    const { told } = page.read((await atStep(named)).address);
    expect([told['name'], Object.keys(told)]).toEqual(['Ada', expect.not.arrayContaining(['nickname'])]);
    await list('remove');
  });

  it('answers RedirectRequired to a page of the application, and INTERACTION_REQUIRED to a program', async () => {
    await redirect('terms', { proof: 'NONE' });
    const input = { identifier: ada.email, password, clientId };
    const { data, cookies } = await ada.ask(signIn, { input });
    expect(data.signIn).toMatchObject({ session: null, result: { __typename: 'RedirectRequired' } });
    expect(cookies).toContainEqual(
      expect.stringMatching(
        /^gid_step_[0-9a-f]{12}=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    );
    const { url } = data.signIn.result;
    const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const back = page.back(url, null).replace(issuer, scene.app.url);
    const response = await fetch(back, { redirect: 'manual', headers: { cookie } });
    expect([response.status, response.headers.get('location')]).toEqual([303, home]);
    expect(response.headers.getSetCookie().join()).toMatch(/gid_session=[\w-]{20,}/);
    const tokens = await ada.elsewhere().ask(signIn, { input: { ...input, tokens: 'ACCESS' } });
    expect(tokens.codes).toEqual(['INTERACTION_REQUIRED']);
  });

  it('comes after a second factor, which no page stands in for', async () => {
    await redirect('terms', { recordsMethod: true });
    await ada.signIn();
    const { seed } = await ada.enrollTotp(scene.clock.now());
    await scene.pass(minute);
    const browser = ada.elsewhere();
    const begun = await browser.ask(signIn, { input: { identifier: ada.email, password, clientId } });
    const { mfaToken } = begun.data.signIn.result;
    const done = await browser.completeMfa(mfaToken, { otpCode: codeAt(seed, scene.clock.now()) });
    expect(done.data.completeMfa).toMatchObject({
      session: null,
      result: { __typename: 'RedirectRequired' },
    });
  });

  it('is visited from a provider too, and the browser then goes where it wanted', async () => {
    await redirect('terms', { connections: ['corp'] });
    const visitor = scene.visitor();
    await visitor.open(`${issuer}/login/corp?client_id=${clientId}&return_to=%2Fcart`);
    const { url } = visitor.visit;
    expect([page.read(url).at, visitor.session]).toEqual(['https://steps.example/terms', undefined]);
    const form = { state: page.read(url).state, session_token: await page.answer(url) };
    // A page of another site brings no Lax cookie along with a form: it is sent once more from here.
    const foreign = await scene.visitor().open(`${issuer}/continue`, form);
    expect([foreign.title, foreign.forms()[0]?.hidden]).toEqual([
      'Continue signing in',
      { ...form, gid_resent: '1' },
    ]);
    await visitor.open(`${issuer}/continue`, foreign.forms()[0]?.hidden);
    expect([visitor.visit.status, visitor.visit.headers.get('refresh')]).toEqual([
      200,
      '0;url=https://shop.example/cart',
    ]);
    expect(visitor.session).toBeDefined();
  });
}
