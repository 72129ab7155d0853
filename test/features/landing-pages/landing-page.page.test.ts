import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { embedScript } from '#src/features/landing-pages/pages/embed-script';
import { launchBrowser } from '#test/http/graphiql/browser';
import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';
import { startOpenIdProvider, type OpenIdProvider } from '#test/support/openid-provider';
import { codeBlocks, docPage, operation } from '#test/docs/pages';

const docs = docPage('docs/landing-pages.md');
const secret = 'the secret of this gateway at the provider';
const markup = '<img src=x onerror="window.hacked = true">Ada';

interface Site {
  readonly origin: string;
  /** Answered for every address. */
  html: string;
  /** Bodies of the forms that were sent. */
  readonly sent: string[];
  close(): Promise<void>;
}

/** A web server of somebody else; its pages may load and call what `policy` says, and tell nobody where visitors come from. */
async function startSite(host: string, policy: () => string): Promise<Site> {
  const sent: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST') sent.push(body);
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('content-security-policy', policy());
      response.setHeader('referrer-policy', 'no-referrer');
      response.end(site.html);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  const site: Site = { origin, html: '', sent, close };
  return site;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

sqliteDatabase('a landing page in a browser', (database) => {
  let app: TestApp;
  let provider: OpenIdProvider;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let shop: Site;
  let evil: Site;
  let issuer: string;
  let clientId: string;

  beforeAll(async () => {
    const port = await freePort();
    issuer = `http://127.0.0.1:${port}`;
    app = await startTestApp(database, {
      environment: {
        ...{ GATEHOUSE_ISSUER: issuer, GATEHOUSE_PORT: String(port) },
        GATEHOUSE_OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1/32',
      },
    });
    const policy = () =>
      `default-src 'none'; script-src ${issuer}; connect-src ${issuer}; form-action 'self'; img-src 'self'`;
    [shop, evil] = [await startSite('localhost', policy), await startSite('localhost', policy)];
    provider = await startOpenIdProvider({
      ...{ id: 'gatehouse', secret },
      redirectUris: [`${issuer}/login/callback/google-oauth2`],
    });
    const token = await app.administrator();
    const ask = async (query: string, variables = {}) => {
      const { data, errors } = await app.ask(query, { token, variables });
      expect(errors).toEqual([]);
      return data as Record<string, Record<string, Record<string, unknown>>>;
    };
    await ask(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      {
        input: {
          ...{ name: 'google-oauth2', strategy: 'oidc', emailVerifiedPolicy: 'TRUST_CLAIM' },
          oauth: { clientId: 'gatehouse', clientSecret: secret, issuer: provider.issuer },
        },
      },
    );
    const here = (text: string) => text.replaceAll('https://www.shop.example', shop.origin);
    const made = await ask(here(operation(docs, 'RegisterLandingPage')));
    clientId = made['createApplication']?.['application']?.['id'] as string;
    const set = await ask(operation(docs, 'ConfigureLandingPage'), { clientId });
    const { tag } = set['updateLandingPageConfig']?.['config']?.['script'] as { tag: string };
    const [example = ''] = codeBlocks(docs, 'html');
    shop.html = example.replace(/<script src[^\n]*/, tag);
    evil.html = shop.html;
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([shop, evil, provider].map((one) => one?.close()));
    await app.close();
  });
  beforeEach(async () => {
    provider.account = { sub: 'ada', email: 'ada@corp.example', email_verified: true, name: markup };
    provider.cutsOpener = false;
    context = await browser.newContext();
    page = await context.newPage();
    await page.addInitScript(`
      window.seen = [];
      for (const name of ['gid:profile', 'gid:error'])
        document.addEventListener(name, (event) => window.seen.push([name, event.detail]));
      window.addEventListener('message', (event) => window.seen.push(['message', event.data]));
    `);
  });
  afterEach(() => context.close());

  const value = (name: string) => page.locator(`[name=${name}]`).inputValue();
  const seen = (): Promise<[string, { code?: string }][]> => page.evaluate('window.seen');
  const press = async (button = '[data-gid-connection]') => {
    await page.check('[name=agreed]');
    await page.click(button);
  };
  /** Asked from here, because the page's own policy lets nothing be evaluated in it again and again. */
  const until = async (expression: string): Promise<void> => {
    for (let tries = 0; tries < 150; tries += 1) {
      // A page that is on its way to another one answers nothing.
      if (await page.evaluate<boolean>(expression).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`It never came to this: ${expression}`);
  };
  const isFilled = () => until("Boolean(document.querySelector('[name=lead_proof]')?.value)");

  it('fills the example of the docs in, by a popup, sends nothing and runs nothing', async () => {
    await page.goto(`${shop.origin}/offer`);
    const opened = page.waitForEvent('popup');
    await press();
    const popup = await opened;
    await isFilled();
    expect([await value('name'), await value('email')]).toEqual([markup, 'ada@corp.example']);
    if (!popup.isClosed()) await popup.waitForEvent('close');
    // 7.3-8 the name is text wherever it goes.
    expect(await page.evaluate("'hacked' in window")).toBe(false);
    expect(shop.sent).toEqual([]);
    // 7.3-6 the landing page has no cookie, the gateway the one of the popup.
    const cookies = (await context.cookies()).filter(({ name }) => !name.startsWith('_'));
    expect(cookies.map(({ name, domain }) => `${domain} ${name}`)).toEqual(['127.0.0.1 gid_txn']);
    // 7.3-7 a changed field is not what the proof says.
    await page.fill('[name=email]', 'boss@corp.example');
    await page.click('form > button:last-of-type');
    const lead = new URLSearchParams(shop.sent[0]);
    const { data } = await app.ask(operation(docs, 'CheckLead'), {
      variables: { token: lead.get('lead_proof'), clientId },
    });
    expect(lead.get('email')).toBe('boss@corp.example');
    expect(data?.['verifyLeadProof']).toMatchObject({ email: 'ada@corp.example', origin: shop.origin });
  });

  it('goes there and back with the whole page where no popup opens, and keeps its query', async () => {
    await page.addInitScript('window.open = () => null');
    await page.goto(`${shop.origin}/offer?utm_source=mail#form`);
    await press();
    await page.waitForURL(/utm_source/, { timeout: 15_000 });
    await isFilled();
    expect(await value('email')).toBe('ada@corp.example');
    expect(page.url()).toBe(`${shop.origin}/offer?utm_source=mail#form`);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  it('7.3-4 asks by itself when the provider cut the popup off', async () => {
    provider.cutsOpener = true;
    await page.goto(`${shop.origin}/offer`);
    await press();
    await isFilled();
    expect(await value('name')).toBe(markup);
    expect((await seen()).map(([name]) => name)).toEqual(['gid:profile']);
  });

  it('7.3-3 tells a page of another origin nothing, whatever it opens', async () => {
    await page.goto(`${evil.origin}/offer`);
    await press();
    await until('window.seen.length > 0');
    expect(await seen()).toEqual([['gid:error', { code: 'UNREACHABLE', reason: null }]]);
    // A program pretends to be the page, and its own page opens the address that it got.
    const begun = await fetch(`${issuer}/embed/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: shop.origin },
      body: JSON.stringify({
        ...{ clientId, connection: 'google-oauth2', challenge: 'a'.repeat(43) },
        consentTextId: 'newsletter-2026-11',
      }),
    });
    const { url } = (await begun.json()) as { url: string };
    const opened = page.waitForEvent('popup');
    // Its policy hides where it comes from, so the visitor gets as far as the end.
    await page.evaluate(`void window.open(${JSON.stringify(url)})`);
    const popup = await opened;
    await popup.waitForEvent('close', { timeout: 15_000 });
    expect(await seen()).toHaveLength(1);
  });

  it('waits for consent, and fills nothing in where the page does that itself', async () => {
    await page.goto(`${shop.origin}/offer`);
    await page.click('[data-gid-connection]');
    expect(await seen()).toEqual([['gid:error', { code: 'CONSENT_REQUIRED', reason: null }]]);
    await page.evaluate("document.addEventListener('gid:profile', (event) => event.preventDefault())");
    await press();
    await until('window.seen.length > 2');
    expect(await seen()).toContainEqual([
      'gid:profile',
      expect.objectContaining({ profile: expect.objectContaining({ name: markup }) }),
    ]);
    expect(await value('name')).toBe('');
  });

  it('is a small script that never changes, with one global', async () => {
    const answer = await fetch(`${issuer}/embed/v1.js`);
    expect(await answer.text()).toBe(embedScript);
    expect(Buffer.byteLength(embedScript)).toBeLessThanOrEqual(10 * 1_024);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(embedScript).not.toMatch(/innerHTML|document\.cookie|eval\(|localStorage/);
    await page.goto(`${shop.origin}/offer`);
    const added = await page.evaluate<string[]>(`
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const plain = new Set(Object.getOwnPropertyNames(frame.contentWindow));
      Object.getOwnPropertyNames(window).filter((name) => !plain.has(name) && name !== 'seen');
    `);
    expect(added.filter((name) => !/^\d+$/.test(name))).toEqual(['GatehouseEmbed']);
  });
});
