import { request, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { createGraphiqlRoutes } from '#src/http/graphiql/graphiql-page';

const script = 'console.log("page")';

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let folder: string;
let app: FastifyInstance;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-assets-'));
  const entries = { script: 'page-A.js', style: 'page-B.css', favicon: 'favicon-C.svg' };
  const files = Object.values(entries);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ fingerprint: 'f', entries, files }));
  for (const file of files) {
    writeFileSync(join(folder, file), script);
    writeFileSync(join(folder, `${file}.gz`), gzipSync(script));
  }
});

afterEach(() => app?.close());

afterAll(() => rmSync(folder, { recursive: true }));

test('has no routes when it is switched off', () => {
  expect(createGraphiqlRoutes({ endpoint: '/graphql', assetsFolder: folder, enabled: false })).toEqual([]);
});

test('the address without a path leads to the page', async () => {
  const reply = await (await serve(folder))('/');
  expect([reply.status, reply.headers.location]).toEqual([302, '/graphiql']);
});

test('says what to do when the page has not been built', async () => {
  const get = await serve(join(folder, 'absent'));
  for (const url of ['/graphiql', '/graphiql/assets/page-A.js']) {
    const reply = await get(url);
    expect([reply.status, reply.body.toString()]).toEqual([503, expect.stringContaining('npm run build')]);
  }
});

test('sends the same page for every address, under a policy without inline scripts', async () => {
  const get = await serve(folder);
  const plain = await get('/graphiql');
  const attack = '</script><script>alert(1)//';
  const linked = await get(`/graphiql?query=${encodeURIComponent(attack)}`, { host: `"${attack}` });
  expect(linked.body.toString()).toBe(plain.body.toString());
  expect(plain.headers['content-type']).toBe('text/html; charset=utf-8');
  const policy = String(plain.headers['content-security-policy']).split('; ');
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]),
  );
  expect(policy.filter((line) => /unsafe|https?:|\*/.test(line))).toEqual([
    "style-src 'self' 'unsafe-inline'",
  ]);
  expect(plain.headers['x-frame-options']).toBe('DENY');
  expect(plain.headers['referrer-policy']).toBe('no-referrer');
  expect(plain.body.toString()).not.toMatch(/<script(?![^>]* src="\/graphiql\/assets\/)|\son\w+=|https?:/);
});

test('writes an endpoint with special characters as text', async () => {
  const get = await serve(folder, '/a"><script>alert(1)</script>');
  expect((await get('/graphiql')).body.toString()).not.toContain('<script>');
});

test('sends a file of the build with its type, to be kept for ever', async () => {
  const reply = await (await serve(folder))('/graphiql/assets/page-A.js');
  expect(reply.body.toString()).toBe(script);
  expect(reply.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
  });
  expect(reply.headers['content-encoding']).toBeUndefined();
});

test.each([
  ['gzip, deflate, br', true],
  ['gzip;q=0', false],
  ['identity', false],
])('answers accept-encoding %s with gzip: %s', async (encoding, isGzip) => {
  const get = await serve(folder);
  const reply = await get('/graphiql/assets/page-B.css', { 'accept-encoding': encoding });
  expect(reply.headers['content-encoding']).toBe(isGzip ? 'gzip' : undefined);
  expect((isGzip ? gunzipSync(reply.body) : reply.body).toString()).toBe(script);
});

test.each([
  'manifest.json',
  'page-A.js.gz',
  'page-a.js',
  '..%2F..%2Fpackage.json',
  '%2e%2e%2fmanifest.json',
  '..%5C..%5Cpackage.json',
  'page-A.js%00',
  '%2Fetc%2Fpasswd',
  'constructor',
  '__proto__',
])('sends nothing for the name %s, which is not in the list of the build', async (name) => {
  const reply = await (await serve(folder))(`/graphiql/assets/${name}`);
  expect([reply.status, reply.body.toString()]).toEqual([404, 'There is no such file.']);
});

async function serve(assetsFolder: string, endpoint = '/graphql') {
  app = Fastify();
  for (const { path, handler } of createGraphiqlRoutes({ endpoint, assetsFolder, enabled: true }))
    app.get(path, handler);
  const port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
  return (path: string, headers: Record<string, string> = {}) => get(port, path, headers);
}

async function get(port: number, path: string, headers: Record<string, string>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      buffer(response).then(
        (body) => resolve({ status: response.statusCode, headers: response.headers, body }),
        reject,
      );
    });
    sent.on('error', reject).end();
  });
}
