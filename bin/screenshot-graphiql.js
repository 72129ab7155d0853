#!/usr/bin/env node
'use strict';

/**
 * Takes the picture of the GraphiQL page that the README shows, from a running gateway. The token comes from the
 * variable GATEHOUSE_TOKEN, so that it stays out of the list of processes.
 * Usage: GATEHOUSE_TOKEN=… screenshot-graphiql.js [--url URL] [--tab TITLE] [--variables JSON] [--out FILE]
 */

const { existsSync } = require('node:fs');
const { parseArgs } = require('node:util');

const browserPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

async function main() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:4000/graphiql' },
      tab: { type: 'string', default: 'OneUser' },
      variables: { type: 'string' },
      out: { type: 'string', default: 'docs/graphiql.png' },
    },
  });
  await takeScreenshot({ ...values, token: process.env.GATEHOUSE_TOKEN ?? '' });
  console.log(`Saved ${values.out}.`);
}

/** Opens the page, gives it the token, runs the operation of the named tab and saves what is seen. */
async function takeScreenshot({ url, token, tab, variables, out }) {
  const { chromium } = require('playwright-core');
  const executablePath = process.env.GATEHOUSE_CHROMIUM ?? browserPaths.find((path) => existsSync(path));
  if (!executablePath)
    throw new Error('No Chromium found. Install it ("apt-get install chromium") or set GATEHOUSE_CHROMIUM.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 960 }, colorScheme: 'light' });
    await page.goto(url);
    await page.locator('.graphiql-response .monaco-editor').waitFor();
    await page.locator('.graphiql-explorer-root').waitFor();
    await page.locator(`[role=tab] button[title="${tab}"]`).click();
    const field = page.getByLabel('Bearer token');
    await field.fill(token);
    await field.press('Enter');
    if (variables) {
      // Typing would make the editor add closing quotes and brackets of its own.
      await page.evaluate((text) => {
        const editors = globalThis.__MONACO.editor.getEditors();
        editors.find((editor) => editor.getModel().uri.path.includes('variables')).setValue(text);
      }, variables);
    }
    const answered = page.waitForResponse(
      (response) => response.request().postData()?.includes(tab) ?? false,
    );
    await page.getByRole('button', { name: /^execute query/i }).click();
    await answered;
    await page.mouse.move(0, 0);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: out });
  } finally {
    await browser.close();
  }
}

module.exports = { takeScreenshot };

if (require.main === module) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
