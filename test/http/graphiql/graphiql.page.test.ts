import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { exampleTabs } from '#src/http/graphiql/page/examples';
import { launchBrowser } from './browser';
import { hostileText, startPageServer, type PageServer } from './page-server';

const token = 'header.eyJzdWIiOiJjbGkifQ.signature';
const sessionCookie = 'gid_session=ses_secret';

const unnamedControls = `[...document.querySelectorAll('button, input, select, textarea')]
  .filter((e) => !e.ariaLabel && !e.textContent.trim() && !e.placeholder && !e.labels?.length)
  .map((e) => e.outerHTML)`;

let folder: string;
let server: PageServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let requested: string[];
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-graphiql-'));
  build();
  server = await startPageServer(folder);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  server.received.length = 0;
  requested = [];
  complaints = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies([
    { name: 'gid_session', value: 'ses_secret', url: server.origin, httpOnly: true },
  ]);
  await context.addInitScript(
    "addEventListener('securitypolicyviolation', (e) => console.error('violation', e.violatedDirective, e.blockedURI))",
  );
  context.on('request', (request) => requested.push(request.url()));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.setDefaultTimeout(10_000);
  // The first page loads some megabytes of editor, beside other test files on the same cores.
  context.setDefaultNavigationTimeout(25_000);
  page = await context.newPage();
});

afterEach(async () => {
  await context.close();
});

test('shows the editors, the explorer and a tab for each example', async () => {
  await open('/graphiql');
  expect(await page.title()).toBe('Gatehouse GraphiQL');
  expect(await editorTexts()).toContain(exampleTabs[0]?.query);
  await page.locator('.graphiql-explorer-root').getByText('permissions').waitFor();
  const titles = await page.locator('[role=tab] button[title]').allTextContents();
  expect(titles).toEqual([
    'WhoAmI',
    'OneUser',
    'UsersPage',
    'Search',
    'RolesAndPermissions',
    'ChangeMetadata',
    'ExplainAccess',
  ]);
  expectQuietAndLocal();
});

test('answers a browser that opens the GraphQL endpoint itself', async () => {
  await open('/graphql');
  await page.getByRole('button', { name: /^execute query/i }).waitFor();
  expectQuietAndLocal();
});

test('sends the typed token, and no cookie beside it, when Run is pressed', async () => {
  await open('/graphiql');
  await page.getByLabel('Bearer token').fill(`  Bearer ${token}\n`);
  expect(await page.getByLabel('Bearer token').getAttribute('type')).toBe('password');
  await page.getByRole('status').getByText('Requests carry the token of cli.').waitFor();
  await page.getByRole('button', { name: /^execute query/i }).click();
  await waitForResult('"kind": "MACHINE"');
  expect(lastRun()).toEqual({ operationName: 'WhoAmI', authorization: `Bearer ${token}`, cookie: undefined });
  expectQuietAndLocal();
});

test('sends the session cookie while there is no token', async () => {
  await open('/graphiql');
  await page.getByRole('button', { name: /^execute query/i }).click();
  await waitForResult('"kind": "ANONYMOUS"');
  expect(lastRun()).toEqual({ operationName: 'WhoAmI', authorization: undefined, cookie: sessionCookie });
});

test('keeps the token in the storage of the browser tab alone, until it is cleared', async () => {
  await open('/graphiql');
  await page.getByLabel('Bearer token').fill(token);
  await page.getByRole('button', { name: /^execute query/i }).click();
  await waitForResult('"kind": "MACHINE"');
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).toContain(token);
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(token);

  await open('/graphiql');
  expect(await page.getByLabel('Bearer token').inputValue()).toBe(token);
  await page.getByRole('button', { name: 'Clear token' }).click();
  expect(await page.getByLabel('Bearer token').inputValue()).toBe('');
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain(token);
  await page.getByRole('button', { name: /^execute query/i }).click();
  await waitForResult('"kind": "ANONYMOUS"');
  expect(lastRun()?.authorization).toBeUndefined();
});

test.each(['/graphiql', '/graphql'])(
  'shows hostile texts of the address of %s as plain text',
  async (path) => {
    const attack = `</script><script>window.attacked = 1</script>${hostileText}`;
    const address = new URLSearchParams({
      ...(path === '/graphiql' ? { query: `query Linked { viewer { kind } } # ${attack}` } : {}),
      variables: JSON.stringify({ attack }),
      headers: JSON.stringify({ authorization: 'Bearer attacker', attack }),
      title: attack,
      operationName: attack,
    });
    await open(`${path}?${address.toString()}#${attack}`);
    if (path === '/graphiql') {
      expect(await editorTexts()).toContain(`query Linked { viewer { kind } } # ${attack}`);
      expect(await editorTexts()).toContain(JSON.stringify({ attack }));
    }
    expect(server.received.map((operation) => operation.operationName)).toEqual(['IntrospectionQuery']);
    expect(server.received[0]?.authorization).toBeUndefined();
    expect(await page.title()).toBe('Gatehouse GraphiQL');
    expect(await page.evaluate('typeof window.attacked')).toBe('undefined');
    expect(await page.locator('script:not([src^="/graphiql/assets/"])').count()).toBe(0);
    expectQuietAndLocal();
  },
);

test('shows hostile texts of an answer and of a description as plain text', async () => {
  await open('/graphiql?query={hostile}');
  await page.getByRole('button', { name: /^execute query/i }).click();
  await waitForResult('onerror');
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page
    .getByRole('link', { name: 'User', exact: true })
    .or(page.getByText('User', { exact: true }))
    .first()
    .click();
  await page.locator('.graphiql-plugin').getByText('email').first().waitFor();
  expect(await page.evaluate('typeof window.attacked')).toBe('undefined');
  expect(await page.locator('script:not([src^="/graphiql/assets/"])').count()).toBe(0);
});

test('starts the editor workers from files of this origin', async () => {
  await open('/graphiql');
  const workers = page.workers().map((worker) => new URL(worker.url()).pathname);
  expect(workers).toEqual(
    expect.arrayContaining([expect.stringMatching(/^\/graphiql\/assets\/graphql\.worker-/)]),
  );
  expect(workers.every((path) => path.startsWith('/graphiql/assets/'))).toBe(true);
});

test('opens an example in a new tab from the menu', async () => {
  await open('/graphiql?query={hostile}');
  await page.getByRole('button', { name: 'Open an example' }).click();
  await page.getByRole('menuitem', { name: 'Change metadata' }).click();
  await page.getByRole('tab', { name: 'ChangeMetadata', selected: true }).waitFor();
  expect(await editorTexts()).toContain(exampleTabs[5]?.query);
  expect(await editorTexts()).toContain(exampleTabs[5]?.variables);
});

test('can be used with the keyboard alone', async () => {
  await open('/graphiql');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.id')).toBe('bearer-token');
  await page.keyboard.insertText(token);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Clear token');
  await page.getByRole('region', { name: 'Operation Editor' }).getByRole('textbox').first().focus();
  await page.keyboard.press('Control+Enter');
  await waitForResult('"kind": "MACHINE"');
  expect(await page.evaluate(unnamedControls)).toEqual([]);
});

test('can neither reach another origin nor run a script written into it', async () => {
  await open('/graphiql');
  await page.evaluate("fetch('http://127.0.0.1:9/').catch(() => undefined)");
  await page.evaluate(
    "document.body.append(Object.assign(document.createElement('script'), { text: 'window.attacked = 1' }))",
  );
  await until(async () => complaints.filter((complaint) => complaint.startsWith('violation ')).length === 2);
  expect(complaints).toContain('violation connect-src http://127.0.0.1:9/');
  expect(complaints).toContain('violation script-src-elem inline');
  expect(await page.evaluate('typeof window.attacked')).toBe('undefined');
});

test('cannot be framed, not even by its own origin', async () => {
  await page.goto(`${server.origin}/framing`);
  await page.waitForTimeout(500);
  const framed = page.frames().filter((frame) => frame !== page.mainFrame());
  expect(framed).toHaveLength(1);
  expect(await framed[0]?.locator('#graphiql').count()).toBe(0);
  expect(requested.some((url) => url.includes('/graphiql/assets/'))).toBe(false);
});

test('is not bundled again while its sources are unchanged', () => {
  const written = () => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
  const before = written();
  expect(build()).toBe('');
  expect(written()).toEqual(before);
});

function build(): string {
  const script = join(__dirname, '..', '..', '..', 'bin', 'build-graphiql.js');
  return execFileSync(process.execPath, [script, '--out', folder], { encoding: 'utf8' });
}

async function open(path: string): Promise<void> {
  await page.goto(server.origin + path);
  await until(async () => (await editorTexts()).length === 4);
  await page.locator('.graphiql-explorer-root').waitFor();
  await until(async () => page.workers().length >= 3);
}

/** Operation, variables, headers and result. */
async function editorTexts(): Promise<string[]> {
  return page.evaluate('globalThis.__MONACO?.editor.getEditors().map((editor) => editor.getValue()) ?? []');
}

async function waitForResult(text: string): Promise<void> {
  const result = page.getByRole('region', { name: 'Result Window' });
  await result.getByText(text).first().waitFor();
}

async function until(isReached: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await isReached()) return;
    await page.waitForTimeout(50);
  }
  throw new Error('The page did not get there within ten seconds.');
}

function lastRun() {
  return server.received.filter((operation) => operation.operationName !== 'IntrospectionQuery').at(-1);
}

function expectQuietAndLocal(): void {
  expect(complaints).toEqual([]);
  expect(requested.length).toBeGreaterThan(5);
  expect(requested.filter((url) => !url.startsWith(`${server.origin}/`))).toEqual([]);
}
