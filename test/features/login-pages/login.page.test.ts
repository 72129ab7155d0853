import { createServer, type AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { codeAt } from '#test/features/factors/support/code-at';
import { password } from '#test/features/factors/support/factor-scene';
import {
  givenOrganization,
  openLoginScene,
  type LoginScene,
} from '#test/features/login-pages/support/login-scene';
import { endingPageCases } from '#test/features/login-pages/support/ending-page-cases';
import { linkPageCases } from '#test/features/login-pages/support/link-page-cases';
import { launchBrowser } from '#test/http/graphiql/browser';
import { sqliteDatabase } from '#test/support/databases';
import { findings } from '#test/support/page-findings';

/** What a page has for passkeys. */
interface Passkeys {
  readonly PublicKeyCredential: { parseCreationOptionsFromJSON(options: object): object };
  readonly navigator: {
    readonly credentials: { create(options: object): Promise<{ toJSON(): unknown }> };
  };
}

/** A port that is free now: passkeys belong to an origin, which has to be known before the gateway starts. */
function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}

// A sign-in is a dozen pages; a busy machine takes its time for them.
jest.setTimeout(90_000);

// What the pages do to a database has tests of its own, on both: here it is the browser that counts.
sqliteDatabase('the sign-in page in a browser', (database) => {
  let scene: LoginScene;
  let browser: Browser;
  let origin: string;
  let clientId: string;
  const seeds = new Map<string, string>();

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    scene = await openLoginScene(database, ['corp', 'posting', 'asking'], {
      ...{ GATEHOUSE_PORT: String(port), GATEHOUSE_ISSUER: origin, GATEHOUSE_FACTORS_MFA_POLICY: 'ALWAYS' },
    });
    await scene.addConnection('corp', { displayName: 'Corp staff' });
    await scene.addConnection('asking', {
      ...{ emailVerifiedPolicy: 'TRUST_CLAIM', linkingDomains: ['example.com'], showAsButton: false },
    });
    // Another origin than the issuer, though the same server: redirects of forms have to lead there.
    const away = `http://127.0.0.1:${port}/health/live`;
    clientId = await scene.addApplication({ name: 'Away', callbacks: [away], defaultRedirectUri: away });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await scene.close();
  });

  const open = async (options: BrowserContextOptions) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${origin}/login?client_id=${clientId}`);
    return { context, page, problems };
  };
  /** What is typed before the page has put the focus into its field is lost. */
  const enter = async (page: Page, text: string) => {
    await page.locator('input:focus').waitFor();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  const identify = async (page: Page, email: string) => {
    await enter(page, email);
    await page.getByLabel('Password').waitFor();
  };
  const enroll = async (page: Page, email: string) => {
    await enter(page, password);
    await page.getByRole('heading', { name: 'Set up a second step' }).waitFor();
    const seed = await page.locator('.code').innerText();
    seeds.set(email, seed);
    await enter(page, codeAt(seed, scene.clock.now()));
    await page.waitForURL(/127\.0\.0\.1/);
  };

  it('is used by keyboard alone, without script, up to the application of another origin', async () => {
    const { email } = await scene.person('keyboard');
    const { context, page, problems } = await open({ javaScriptEnabled: false });
    await identify(page, email);
    await enroll(page, email);
    expect((await context.cookies(origin)).map(({ name }) => name)).toContain('gid_session');
    await scene.pass(30_000);
    await context.clearCookies();
    await page.goto(`${origin}/login?client_id=${clientId}`);
    await identify(page, email);
    await enter(page, 'a wrong password');
    expect(await page.getByRole('alert').innerText()).not.toBe('');
    await enter(page, password);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await enter(page, codeAt(seeds.get(email) ?? '', scene.clock.now()));
    await page.waitForURL(/127\.0\.0\.1/);
    expect(problems.filter((text) => !text.includes('400'))).toEqual([]);
    await context.close();
  });

  it.each(['light', 'dark'] as const)('has nothing that axe-core finds (%s)', async (colorScheme) => {
    // No place to break it at.
    const { email } = await scene.person('axe'.padEnd(60, 'x'));
    const { context, page } = await open({ colorScheme });
    const found = [await findings(page)];
    await identify(page, email);
    found.push(await findings(page));
    await enter(page, 'a wrong password');
    await page.getByRole('alert').waitFor();
    found.push(await findings(page));
    await enter(page, password);
    await page.getByRole('heading', { name: 'Set up a second step' }).waitFor();
    found.push(await findings(page));
    await page.goto(`${origin}/login?client_id=${clientId}`);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByText('Your device asks').waitFor();
    found.push(await findings(page));
    await page.goto(`${origin}/login?client_id=none`);
    found.push(await findings(page));
    await page.goto(`${origin}/login?done=1`);
    found.push(await findings(page));
    expect(found.flat()).toEqual([]);
    await context.close();
  });

  it('signs out by a page that asks first, by keyboard alone, and that axe-core has nothing against', async () => {
    const { email } = await scene.person('leaving');
    const { context, page, problems } = await open({ colorScheme: 'dark' });
    await identify(page, email);
    await enroll(page, email);
    const leaving = `${origin}/oidc/logout?client_id=${clientId}`;
    await page.goto(leaving);
    await page.getByRole('heading', { name: 'Do you want to sign out?' }).waitFor();
    const found = await findings(page);
    const isSignedIn = async () =>
      (await context.cookies(origin)).some(({ name, value }) => name === 'gid_session' && value !== '');
    expect(await isSignedIn()).toBe(true);
    await page.keyboard.press('Tab');
    expect(await page.locator('button:focus').innerText()).toBe('Sign out');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect([...found, ...(await findings(page))]).toEqual([]);
    expect(await isSignedIn()).toBe(false);
    await page.goto(leaving);
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  it('offers organizations by buttons that need neither script nor mouse, and that axe-core has nothing against', async () => {
    const { id, email } = await scene.person('offices');
    const away = `http://127.0.0.1:${new URL(origin).port}/health/live`;
    const portal = await scene.addApplication({
      ...{ name: 'Portal', callbacks: [away], defaultRedirectUri: away },
      ...{ organizationUsage: 'ALLOW', organizationRequireBehavior: 'POST_LOGIN_PROMPT' },
    });
    for (const name of ['first', 'second']) {
      const organizationId = await givenOrganization(scene, name, `The ${name} office`);
      await scene.admin(
        'mutation ($input: AddOrganizationMembersInput!) { addOrganizationMembers(input: $input) { __typename } }',
        { input: { id: organizationId, userIds: [id] } },
      );
      // They are offered in the order in which the person joined them.
      await scene.pass(1_000);
    }
    const asked = async (options: BrowserContextOptions) => {
      const { context, page, problems } = await open(options);
      await page.goto(`${origin}/login?client_id=${portal}`);
      await identify(page, email);
      await enter(page, password);
      const known = seeds.get(email);
      if (known === undefined) {
        await page.getByRole('heading', { name: 'Set up a second step' }).waitFor();
        seeds.set(email, await page.locator('.code').innerText());
      } else await page.getByRole('heading', { name: 'One more step' }).waitFor();
      await enter(page, codeAt(seeds.get(email) ?? '', scene.clock.now()));
      await page.getByRole('heading', { name: 'Choose your organization' }).waitFor();
      await scene.pass(30_000);
      return { context, page, problems };
    };
    const { context, page, problems } = await asked({ javaScriptEnabled: false });
    const labels = ['The first office', 'The second office', 'Go on without an organization'];
    expect(
      await page.getByRole('list', { name: 'Organizations' }).getByRole('button').allInnerTexts(),
    ).toEqual(labels);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.locator('button:focus').innerText()).toBe('The second office');
    await page.keyboard.press('Enter');
    await page.waitForURL(/127\.0\.0\.1/);
    const cookie = (await context.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const session = await scene.app.ask('{ currentSession { organization { name } } }', {
      headers: { cookie, origin },
    });
    expect(session.data).toEqual({ currentSession: { organization: { name: 'second' } } });
    expect(problems).toEqual([]);
    await context.close();
    for (const colorScheme of ['light', 'dark'] as const) {
      const again = await asked({ colorScheme });
      expect(await findings(again.page)).toEqual([]);
      await again.context.close();
    }
  });

  linkPageCases(() => ({ scene, origin, clientId, open, enter }));
  endingPageCases(() => ({ scene, origin, clientId, open, enter }));

  it('signs in by a passkey, which is two factors', async () => {
    const { email } = await scene.person('passkey');
    const { context, page, problems } = await open({});
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    await identify(page, email);
    await enroll(page, email);
    const cookie = (await context.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const ask = (query: string, variables = {}) =>
      scene.app.ask(query, { variables, headers: { cookie, origin } });
    const { data, errors } = await ask(
      'mutation { startEnrollment(input: { passkey: { name: "Laptop" } }) { enrollment { ... on PasskeyEnrollment { authSession options } } } }',
    );
    expect(errors).toEqual([]);
    const started = (data?.['startEnrollment'] as { enrollment: { authSession: string; options: object } })
      .enrollment;
    await page.goto(`${origin}/login?client_id=${clientId}`);
    const response = await page.evaluate(async (options) => {
      const { PublicKeyCredential: credential, navigator } = globalThis as unknown as Passkeys;
      const publicKey = credential.parseCreationOptionsFromJSON(options);
      return (await navigator.credentials.create({ publicKey })).toJSON();
    }, started.options);
    const verified = await ask(
      'mutation ($input: VerifyEnrollmentInput!) { verifyEnrollment(input: $input) { result { __typename } } }',
      { input: { passkey: { authSession: started.authSession, response } } },
    );
    expect(verified.data).toEqual({ verifyEnrollment: { result: { __typename: 'EnrollmentVerified' } } });
    await context.clearCookies();
    await page.goto(`${origin}/login?client_id=${clientId}`);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL(/127\.0\.0\.1/);
    const now = (await context.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const me = await scene.app.ask('{ me { email } currentSession { assurance } }', {
      headers: { cookie: now, origin },
    });
    expect(me.data).toEqual({ me: { email }, currentSession: { assurance: 'AAL2' } });
    expect(problems).toEqual([]);
    await context.close();
  });

  it('2.7-5 lands signed in, and on no page in between, when a provider of another site posts its answer', async () => {
    const { provider } = scene;
    await scene.addConnection('posting', {
      oauth: {
        ...{ clientId: 'gatehouse', clientSecret: 'the secret of this gateway at the provider' },
        ...{ issuer: provider.issuer, trustUpstreamMfa: true },
      },
    });
    Object.assign(provider, { account: { sub: 'poster', amr: ['mfa'] }, postsBack: true });
    const { context, page, problems } = await open({});
    const posted: boolean[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'POST' || !request.url().startsWith(`${origin}/login/callback/`)) return;
      posted.push(request.postData()?.includes('gid_resent') === true);
    });
    await page.goto(`${origin}/login/posting?client_id=${clientId}`);
    await page.waitForURL(/127\.0\.0\.1:\d+\/health/);
    // From the other site it came without a cookie, and once more from here.
    expect(posted).toEqual([false, true]);
    const cookie = (await context.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const me = await scene.app.ask('{ me { id } currentSession { assurance } }', {
      headers: { cookie, origin },
    });
    expect(me.data).toEqual({ me: { id: 'oidc|posting|poster' }, currentSession: { assurance: 'AAL2' } });
    expect(problems).toEqual([]);
    provider.postsBack = false;
    await context.close();
  });
});
