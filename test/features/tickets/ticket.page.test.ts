import type { Browser } from 'playwright-core';
import { sqliteApp } from '#test/features/tickets/ticket-scene';
import { launchBrowser } from '#test/http/graphiql/browser';
import { findings } from '#test/support/page-findings';

sqliteApp('ticket pages in a browser', (scene) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  /** A page without script, as strict as a browser can be; collects what goes wrong. */
  const open = async (
    url: string,
    options: { javaScriptEnabled: boolean; colorScheme?: 'dark' | 'light' },
  ) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const problems: string[] = [];
    const foreign: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== scene().origin) foreign.push(request.url());
    });
    await page.goto(url);
    return { page, problems, foreign, close: () => context.close() };
  };

  it('sets a password without script, shows what is wrong beside the form, and is used up', async () => {
    const { resetUrl, signsIn } = await scene().givenReset();
    const { page, problems, foreign, close } = await open(resetUrl, { javaScriptEnabled: false });
    expect(await page.title()).toBe('Choose a new password');
    await page.getByLabel('New password').fill('password1234');
    await page.getByLabel('The same password again').fill('password1234');
    await page.getByRole('button', { name: 'Set the password' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('most common');
    await page.getByLabel('New password').fill('another fine phrase');
    await page.getByLabel('The same password again').fill('another fine phrase');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('status').innerText()).toContain('Sign in with it');
    expect(await signsIn('another fine phrase')).toBe(true);
    await page.goto(resetUrl);
    expect(await page.getByRole('heading').innerText()).toBe('This link is no longer good');
    expect([problems.filter((text) => !text.includes('410') && !text.includes('400')), foreign]).toEqual([
      [],
      [],
    ]);
    await close();
  });

  it.each(['light', 'dark'] as const)('has nothing that axe-core finds serious (%s)', async (colorScheme) => {
    const { resetUrl } = await scene().givenReset();
    const { page, close } = await open(resetUrl, { javaScriptEnabled: true, colorScheme });
    const form = await findings(page);
    await page.getByLabel('New password').fill('short');
    await page.getByLabel('The same password again').fill('short');
    await page.getByRole('button').click();
    const refused = await findings(page);
    await page.goto(resetUrl.replace(/.$/, resetUrl.endsWith('A') ? 'B' : 'A'));
    const dead = await findings(page);
    expect([...form, ...refused, ...dead]).toEqual([]);
    await close();
  });

  it('asks by keyboard alone for the letters or the password where somebody else may have asked', async () => {
    const { page, problems, close } = await open(await scene().givenAsked(), { javaScriptEnabled: true });
    expect(await page.title()).toBe('Verify your e-mail address');
    const asked = await findings(page);
    await page.getByLabel('The letters that were shown there').fill('BBB-BBB');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').innerText()).toContain('neither the code');
    expect([...asked, ...(await findings(page))]).toEqual([]);
    await page.getByLabel('Or the password of the account').fill('correct horse battery');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('status').innerText()).toContain('verified');
    expect(problems.filter((text) => !text.includes('400'))).toEqual([]);
    await close();
  });

  it('says its language, sends no referrer, runs no script and cannot be framed', async () => {
    const { resetUrl } = await scene().givenReset();
    const response = await fetch(resetUrl);
    const text = await response.text();
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text).not.toContain('<script');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(
      Object.fromEntries(
        ['referrer-policy', 'cache-control', 'x-content-type-options'].map((name) => [
          name,
          response.headers.get(name),
        ]),
      ),
    ).toEqual({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it('answers unknown kinds and tokens alike, and takes neither JSON nor the button of a foreign page', async () => {
    const { resetUrl } = await scene().givenReset();
    const { origin } = scene();
    const texts = await Promise.all(
      ['/tickets/nothing/x', '/tickets/reset-password/x', `/tickets/verify-email/${'A'.repeat(43)}`].map(
        async (path) => {
          const response = await fetch(`${origin}${path}`);
          return [response.status, await response.text()];
        },
      ),
    );
    expect(new Set(texts.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(texts[0]?.[0]).toBe(410);
    const form = new URLSearchParams({ password: 'another fine phrase', repeated: 'another fine phrase' });
    const foreign = await fetch(resetUrl, {
      method: 'POST',
      body: form,
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    const graphql = await fetch(`${origin}/graphql`, { method: 'POST', body: form });
    expect(graphql.status).toBe(415);
    const twice = await fetch(resetUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'password=a&password=b',
    });
    expect(twice.status).toBe(400);
    const huge = await fetch(resetUrl, {
      method: 'POST',
      body: new URLSearchParams({ password: 'x'.repeat(17_000) }),
    });
    expect(huge.status).toBe(413);
    expect((await fetch(resetUrl)).status).toBe(200);
  });
});
