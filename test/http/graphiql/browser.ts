import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts the installed Chromium without a window; it can resolve no host name and reach loopback only. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['GATEHOUSE_CHROMIUM'] ?? places.find((place) => existsSync(place));
  if (!executablePath || !existsSync(executablePath)) {
    throw new Error(
      `The GraphiQL page is tested in a real browser, and none was found (${executablePath ?? places.join(', ')}). ` +
        'Install one ("apt-get update && apt-get install -y chromium"), or name its program in GATEHOUSE_CHROMIUM.',
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}
