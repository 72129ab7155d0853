import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '#test/http/graphiql/browser';
import { codeAt } from '#test/features/factors/support/code-at';
import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';

const password = 'correct horse battery';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs an example as its page says; answers when it listens. */
async function serveExample(
  name: string,
  port: number,
  gatehouse: string,
  clientId = '',
): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      ...['examples/serve.mjs', name, '--port', String(port)],
      ...['--gatehouse', gatehouse, '--client', clientId],
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

sqliteDatabase('the single-page examples', (database) => {
  let app: TestApp;
  let browser: Browser;
  let page: Page;
  const children: ChildProcess[] = [];
  let cookiePage: string;
  let gateway: string;

  beforeAll(async () => {
    const [gatewayPort, cookiePort] = [await freePort(), await freePort()];
    gateway = `http://localhost:${gatewayPort}`;
    cookiePage = `http://localhost:${cookiePort}`;
    app = await startTestApp(database, {
      environment: {
        GATEHOUSE_PORT: String(gatewayPort),
        GATEHOUSE_ISSUER: gateway,
        GATEHOUSE_ALLOWED_WEB_ORIGINS: cookiePage,
      },
    });
    await app.givenUser({ email: 'ada@example.com', emailVerified: true, password, name: 'Ada' });
    children.push(await serveExample('cookie-spa', cookiePort, gateway));
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    for (const child of children) child.kill();
    await app.close();
  });
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage();
  });
  afterEach(() => page.context().close());

  const text = (selector: string): Promise<string> => page.locator(selector).innerText();

  it('with a cookie: signs in, changes the profile, enrols an app, and signs in with both factors', async () => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(cookiePage);
    await page.fill('#sign-in [name=identifier]', 'ada@example.com');
    await page.fill('#sign-in [name=password]', 'wrong wrong wrong');
    await page.click('#sign-in button');
    await page.locator('#problem', { hasText: 'wrong' }).waitFor();
    await page.fill('#sign-in [name=password]', password);
    await page.click('#sign-in button');
    await page.locator('#name', { hasText: 'Ada' }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');

    await page.fill('#profile [name=name]', '<b>Ada Lovelace</b>');
    await page.click('#profile button');
    await page.locator('#name', { hasText: '<b>Ada Lovelace</b>' }).waitFor();

    await page.click('#enrol');
    await page.locator('#enrolment').waitFor();
    const seed = await text('#seed');
    await page.fill('#enrolment [name=otpCode]', codeAt(seed, Date.now()));
    await page.click('#enrolment button');
    await page.locator('#methods li', { hasText: 'TOTP Authenticator app' }).waitFor();

    await page.click('#sign-out');
    await page.fill('#sign-in [name=identifier]', 'ada@example.com');
    await page.fill('#sign-in [name=password]', password);
    await page.click('#sign-in button');
    await page.locator('#second-factor').waitFor();
    await page.fill('#second-factor [name=otpCode]', codeAt(seed, Date.now() + 30_000));
    await page.click('#second-factor button');
    await page.locator('#name', { hasText: 'Ada' }).waitFor();
    expect(problems).toEqual([]);
  }, 60_000);

  it('with tokens: signs in from another site, renews a token that is over, and signs out', async () => {
    const port = await freePort();
    // Another site than the gateway's: its cookies are not sent from here.
    const tokenPage = `http://127.0.0.1:${port}`;
    const { data } = await app.ask(
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }',
      {
        token: await app.administrator(),
        variables: { input: { name: 'Token page', type: 'SINGLE_PAGE', allowedWebOrigins: [tokenPage] } },
      },
    );
    const { id } = (data?.['createApplication'] as { application: { id: string } }).application;
    children.push(await serveExample('token-spa', port, gateway, id));
    await app.givenUser({ email: 'eve@example.com', emailVerified: true, password, name: 'Eve' });
    await page.goto(tokenPage);
    await page.fill('#sign-in [name=identifier]', 'eve@example.com');
    await page.fill('#sign-in [name=password]', password);
    await page.click('#sign-in button');
    await page.locator('#name', { hasText: 'Eve' }).waitFor();
    expect(await page.evaluate('[document.cookie, localStorage.length, sessionStorage.length].join()')).toBe(
      ',0,0',
    );
    expect(await page.context().cookies()).toEqual([]);

    // The first answer is that of a token that is over; the page renews it and asks again.
    const asked: string[] = [];
    let isOver = true;
    await page.route(`${gateway}/graphql`, async (route) => {
      asked.push(route.request().postData() ?? '');
      if (!isOver) return route.continue();
      isOver = false;
      return route.fulfill({
        status: 401,
        headers: { 'access-control-allow-origin': tokenPage },
        json: { errors: [{ message: 'over', extensions: { code: 'UNAUTHENTICATED' } }] },
      });
    });
    await page.click('#reload');
    await page.waitForResponse(() => asked.length === 3);
    await page.locator('#name', { hasText: 'Eve' }).waitFor();
    expect(asked.map((body) => /exchangeRefreshToken|me/.exec(body)?.[0])).toEqual([
      'me',
      'exchangeRefreshToken',
      'me',
    ]);
    await page.click('#sign-out');
    await page.locator('#sign-in').waitFor();
  }, 60_000);

  it('a passkey of a real browser is enrolled and signs in without a password', async () => {
    await app.givenUser({ email: 'bob@example.com', emailVerified: true, password });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    });
    await page.goto(cookiePage);
    const outcome: unknown = await page.evaluate(
      `(async () => {
        const ask = async (query, variables = {}) => {
          const response = await fetch('${gateway}/graphql', {
            method: 'POST',
            credentials: 'include',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query, variables }),
          });
          const { data, errors } = await response.json();
          if (errors) throw new Error(JSON.stringify(errors));
          return data;
        };
        await ask('mutation { signIn(input: { identifier: "bob@example.com", password: "${password}" }) { session { id } } }');
        const begun = await ask('mutation { startEnrollment(input: { passkey: { name: "Browser" } }) { enrollment { ... on PasskeyEnrollment { authSession options } } } }');
        const { authSession, options } = begun.startEnrollment.enrollment;
        const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
        const verified = await ask(
          'mutation ($input: VerifyEnrollmentInput!) { verifyEnrollment(input: $input) { result { __typename } } }',
          { input: { passkey: { authSession, response: made.toJSON() } } },
        );
        await ask('mutation { signOut { session { id } } }');
        const { startPasskeySignIn } = await ask('mutation { startPasskeySignIn { proof { challenge options } } }');
        const request = PublicKeyCredential.parseRequestOptionsFromJSON(startPasskeySignIn.proof.options);
        const used = await navigator.credentials.get({ publicKey: request });
        const { signInWithPasskey } = await ask(
          'mutation ($input: SignInWithPasskeyInput!) { signInWithPasskey(input: $input) { result { __typename } session { assurance } user { email } } }',
          { input: { challenge: startPasskeySignIn.proof.challenge, response: used.toJSON() } },
        );
        return [verified.verifyEnrollment.result.__typename, signInWithPasskey];
      })()`,
    );
    expect(outcome).toEqual([
      'EnrollmentVerified',
      {
        result: { __typename: 'LoggedIn' },
        session: { assurance: 'AAL2' },
        user: { email: 'bob@example.com' },
      },
    ]);
  }, 60_000);
});
