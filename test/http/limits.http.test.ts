import { closeAll, codeOf, post, rawExchange, serve, type Served } from '#test/http/serve';

let served: Served;
beforeAll(async () => {
  served = await serve({ config: { headersTimeoutMs: 300, requestTimeoutMs: 900 } });
});
afterAll(closeAll);

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a JSON body', () => {
  it('reaches the route as a value', async () => {
    const answer = await post(`${served.url}/echo`, '{"a":["é",1]}');
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ body: { a: ['é', 1] } });
  });

  it.each([
    ['malformed', '{"a":', 400, 'BAD_REQUEST'],
    ['not JSON at all', 'password=hunter2', 400, 'BAD_REQUEST'],
    ['empty', '', 400, 'BAD_REQUEST'],
    ['nested one level too deep', nested(33), 400, 'JSON_TOO_DEEP'],
    ['nested 100,000 deep', nested(100_000), 400, 'JSON_TOO_DEEP'],
    ['nested in objects', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, 400, 'JSON_TOO_DEEP'],
    ['with __proto__', '{"a":{"__proto__":{"admin":true}}}', 400, 'BAD_REQUEST'],
    ['with an escaped __proto__', '{"a":[{"\\u005f_proto__":1}]}', 400, 'BAD_REQUEST'],
    ['with constructor', '{"constructor":{"prototype":1}}', 400, 'BAD_REQUEST'],
    ['with one byte too many', `"${'x'.repeat(1_048_575)}"`, 413, 'BODY_TOO_LARGE'],
    ['of 2 MB', `"${'x'.repeat(2_000_000)}"`, 413, 'BODY_TOO_LARGE'],
  ])('that is %s is refused', async (_what, body, status, code) => {
    const startedAt = performance.now();
    const answer = await post(`${served.url}/echo`, body);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(JSON.stringify(answer.json)).not.toContain('hunter2');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it.each([
    ['32 levels', nested(32)],
    ['brackets inside strings', JSON.stringify({ a: '['.repeat(500), b: '\\"[[' })],
    ['forbidden names as values', '{"a":"__proto__","b":"constructor","c":"\\u005f"}'],
    ['as many bytes as allowed', `"${'x'.repeat(1_048_574)}"`],
  ])('with %s is accepted', async (_what, body) => {
    expect((await post(`${served.url}/echo`, body)).status).toBe(200);
  });

  it('that is not UTF-8 is refused', async () => {
    const answer = await post(`${served.url}/echo`, new Uint8Array([0x22, 0xff, 0xfe, 0x22]));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
  });

  it('is accepted with the charset utf-8 in any spelling', async () => {
    for (const type of [
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8"',
      'Application/JSON',
    ]) {
      expect((await post(`${served.url}/echo`, '{}', { 'content-type': type })).status).toBe(200);
    }
  });

  it.each([
    ['charset', { 'content-type': 'application/json; charset=utf-16' }],
    ['charset', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['type', { 'content-type': 'text/plain' }],
    ['type', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['type', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['encoding', { 'content-encoding': 'gzip' }],
  ])('of another %s is refused: %j', async (_what, headers: Record<string, string>) => {
    const answer = await post(`${served.url}/echo`, '{}', headers);
    expect([answer.status, codeOf(answer)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });
});

describe('headers', () => {
  it.each(['message/x', 'application/json;x', 'text/plain'])(
    'with the content type %s are refused on GET',
    async (type) => {
      const text = await rawExchange(
        served.port,
        `GET /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${type}\r\n\r\n`,
      );
      expect(text).toContain('HTTP/1.1 415');
      expect(text).toContain('UNSUPPORTED_MEDIA_TYPE');
    },
  );

  it('may hold cookies of 8 KiB and not one byte more', async () => {
    const cookie = (bytes: number): Record<string, string> => ({ cookie: `a=${'x'.repeat(bytes - 2)}` });
    expect((await post(`${served.url}/echo`, '{}', cookie(8_192))).status).toBe(200);
    const refused = await post(`${served.url}/echo`, '{}', cookie(8_193));
    expect([refused.status, codeOf(refused)]).toEqual([431, 'HEADERS_TOO_LARGE']);
  });

  it('of more than 16 KiB in total are refused by the parser with a clear answer', async () => {
    const text = await rawExchange(
      served.port,
      `GET /echo HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    expect(text).toContain('HTTP/1.1 431');
    expect(text).toContain('"code":"HEADERS_TOO_LARGE"');
  });

  it('that do not arrive in time end the connection', async () => {
    const text = await rawExchange(served.port, 'GET /echo HTTP/1.1\r\nhost: x\r\n');
    expect(text).toContain('HTTP/1.1 408');
    expect(text).toContain('"code":"REQUEST_TIMEOUT"');
  });

  it('that announce a body which never comes end the connection', async () => {
    const text = await rawExchange(
      served.port,
      'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    expect(text).toContain('HTTP/1.1 408');
  });
});

describe('an address', () => {
  it('that nothing answers is 404', async () => {
    const answer = await post(`${served.url}/nothing?token=hunter2`, '{}');
    expect([answer.status, codeOf(answer)]).toEqual([404, 'ROUTE_NOT_FOUND']);
  });

  it('that does not answer the method is 405 and says which it answers', async () => {
    const response = await fetch(`${served.url}/echo`, { method: 'PUT' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  it.each(['GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 'nonsense\r\n\r\n'])(
    'that cannot be read is 400: %j',
    async (text) => {
      const answer = await rawExchange(served.port, text);
      expect(answer).toContain('HTTP/1.1 400');
      expect(answer).toContain('"code":"BAD_REQUEST"');
      expect(answer).toContain('no-store');
    },
  );
});
