import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#src/config/load-config';
import { createOutbound } from '#src/http/outbound';
import { createBreachedPasswords } from '#src/features/passwords/breached/breached-passwords';

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase();
const { passwords: defaults } = loadConfig({ environment: {} });
const outbound = createOutbound({ allowedNetworks: [] });
afterAll(() => outbound.close());

describe('published passwords in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-breached-'));
  const file = join(folder, 'hashes.txt');
  const published = Array.from({ length: 500 }, (_, index) => `published ${index}`);
  const lines = published.map((password, index) => `${sha1(password)}:${index * 7 + 1}`).sort();
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['\n', true],
    ['\r\n', true],
    ['\r\n', false],
  ])('are all found, and no others (line end %j, at the end: %s)', async (end, isClosed) => {
    writeFileSync(file, lines.join(end) + (isClosed ? end : ''));
    const { isBreached } = createBreachedPasswords(
      { ...defaults, breachedSource: 'FILE', breachedFile: file },
      outbound,
    );
    const found = await Promise.all(published.map((password) => isBreached(password)));
    expect(found.every(Boolean)).toBe(true);
    const others = await Promise.all(published.map((password) => isBreached(`${password}!`)));
    expect(others.some(Boolean)).toBe(false);
  });

  it('are not known while the file is missing', async () => {
    const source = createBreachedPasswords(
      { ...defaults, breachedSource: 'FILE', breachedFile: join(folder, 'no') },
      outbound,
    );
    await expect(source.isBreached('anything')).rejects.toThrow();
  });
});

describe('published passwords of a range service', () => {
  let server: Server;
  let url: string;
  const asked: { path: string | undefined; padding: string | string[] | undefined }[] = [];
  const known = sha1('published once');
  const padded = sha1('only padding');

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ path: request.url, padding: request.headers['add-padding'] });
      if (request.url?.startsWith('/slow/')) return;
      if (request.url?.startsWith('/broken/')) response.statusCode = 503;
      response.end(`${known.slice(5)}:1\r\n${padded.slice(5)}:0\r\n`);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const source = (path: string) =>
    createBreachedPasswords({ ...defaults, breachedSource: 'RANGE', breachedUrl: `${url}${path}` }, outbound);

  it('are found by five digits of their hash, with padding asked for and passed over', async () => {
    expect(await source('/range/').isBreached('published once')).toBe(true);
    expect(await source('/range/').isBreached('never published')).toBe(false);
    expect(await source('/range/').isBreached('only padding')).toBe(false);
    expect(asked[0]).toEqual({ path: `/range/${known.slice(0, 5)}`, padding: 'true' });
  });

  it.each(['/broken/', '/slow/'])('are not known when it fails (%s)', async (path) => {
    await expect(source(path).isBreached('published once')).rejects.toThrow();
  });
});

describe('test mode', () => {
  it('counts passwords with the test prefix as published, and only in test mode', async () => {
    const test = createBreachedPasswords({ ...defaults, breachedTestMode: true }, outbound);
    expect(await test.isBreached('GID-TEST-anything')).toBe(true);
    expect(await test.isBreached('gid-test-anything')).toBe(false);
    expect(await createBreachedPasswords(defaults, outbound).isBreached('GID-TEST-anything')).toBe(false);
  });
});
