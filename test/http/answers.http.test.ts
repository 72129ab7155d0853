import { closeAll, codeOf, post, serve, type Served } from '#test/http/serve';
import { commonErrors } from '#src/shared/errors';
import type { Logger } from '#src/shared/logger';
import { until } from '#test/support/until';

interface Line {
  readonly level: string;
  readonly fields: Record<string, unknown>;
}

function recorder(): { readonly lines: Line[]; readonly logger: Logger } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object) =>
    void lines.push({ level, fields: fields as Line['fields'] });
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return { lines, logger };
}

const log = recorder();
let hanging = 0;
let served: Served;
let secure: Served;

beforeAll(async () => {
  served = await serve({
    logger: log.logger,
    config: { allowedWebOrigins: ['https://app.example.com'], deadlineMs: 200 },
    routes: [
      {
        methods: ['GET'],
        path: '/fails',
        handler: () => {
          throw new Error('password hunter2 is wrong at /srv/secret.ts');
        },
      },
      {
        methods: ['GET'],
        path: '/refuses',
        handler: async () => Promise.reject(commonErrors.CONFLICT({ extensions: { field: 'email' } })),
      },
      { methods: ['GET'], path: '/hangs', handler: () => ((hanging += 1), new Promise(() => undefined)) },
      {
        methods: ['POST'],
        path: '/operation',
        handler: (request) => {
          Object.assign(request.record, {
            operationName: 'N'.repeat(300),
            operationType: 'query',
            statements: () => 4,
          });
          return {};
        },
      },
    ],
  });
  secure = await serve({
    config: { issuer: 'https://id.example.com', trustedProxies: 1, trustRequestId: true },
  });
});
afterAll(closeAll);

/** The line of the request to a route; it is written when the answer has left. */
async function logged(route: string | null): Promise<Line> {
  const of = (): Line | undefined => log.lines.findLast(({ fields }) => fields['route'] === route);
  await until(() => of() !== undefined);
  return of()!;
}

describe('every answer', () => {
  it('forbids caching, sniffing, framing and referrers', async () => {
    for (const path of ['/echo', '/nothing', '/fails', '/health/live']) {
      const { headers } = await fetch(served.url + path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  it('asks for https for ever when the issuer is on https', async () => {
    const { headers } = await fetch(`${secure.url}/echo`);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('carries a request id of our own, and one from outside only from a trusted proxy', async () => {
    const given = { 'x-request-id': 'given-from-outside' };
    const own = (await fetch(`${served.url}/echo`, { headers: given })).headers.get('x-request-id');
    expect(own).toMatch(/^[0-9a-f-]{36}$/);
    const trusted = (headers: Record<string, string>) => fetch(`${secure.url}/echo`, { headers });
    expect((await trusted(given)).headers.get('x-request-id')).toBe('given-from-outside');
    expect((await trusted({ 'x-request-id': 'a b\tforged line' })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  it('takes the client address from the header only behind proxies, counted from the right', async () => {
    const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7' };
    expect((await post(`${served.url}/echo`, '{}', headers)).json).toMatchObject({ ip: '127.0.0.1' });
    expect((await post(`${secure.url}/echo`, '{}', headers)).json).toMatchObject({ ip: '203.0.113.7' });
  });
});

describe('errors', () => {
  it('of ours keep their code, status and extensions', async () => {
    const response = await fetch(`${served.url}/refuses`);
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'This is in conflict with what is stored.',
          extensions: { field: 'email', code: 'CONFLICT' },
        },
      ],
    });
  });

  it('that nobody foresaw are opaque, and logged with their cause under the id the caller is told', async () => {
    const response = await fetch(`${served.url}/fails`);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/hunter2|secret\.ts|at /);
    const id = response.headers.get('x-request-id');
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: id } }],
    });
    const line = log.lines.findLast(({ level }) => level === 'error');
    expect(line?.fields).toMatchObject({
      requestId: id,
      err: { message: expect.stringContaining('hunter2') },
    });
  });

  it('answer in the GraphQL media type to those who ask for it', async () => {
    const answer = await post(`${served.url}/echo`, '{', { accept: 'application/graphql-response+json' });
    expect(answer.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });

  it('end a request that runs past its deadline', async () => {
    const response = await fetch(`${served.url}/hangs`);
    expect(response.status).toBe(503);
    expect(codeOf({ json: await response.json() })).toBe('DEADLINE_EXCEEDED');
  });
});

describe('the log', () => {
  beforeEach(() => {
    log.lines.length = 0;
    hanging = 0;
  });

  it('gets one line for a request, without its address, body, cookies and tokens', async () => {
    await post(`${served.url}/operation?secret=hunter2`, '{"query":"hunter2"}', {
      cookie: 'gid_session=hunter2',
      authorization: 'Bearer hunter2',
    });
    expect((await logged('/operation')).fields).toEqual({
      requestId: expect.any(String),
      method: 'POST',
      route: '/operation',
      status: 200,
      ms: expect.any(Number),
      operationType: 'query',
      operation: 'N'.repeat(100),
      statements: 4,
    });
    expect(log.lines).toHaveLength(1);
  });

  it('tells the error code and no route for an unknown address', async () => {
    await fetch(`${served.url}/secret/hunter2`);
    expect((await logged(null)).fields).toMatchObject({
      route: null,
      status: 404,
      errorCodes: ['ROUTE_NOT_FOUND'],
    });
  });

  it('has polled routes at level debug', async () => {
    await fetch(`${served.url}/health/live`);
    expect((await logged('/health/live')).level).toBe('debug');
  });

  it('notes callers who went away', async () => {
    const leaving = new AbortController();
    const asked = fetch(`${served.url}/hangs`, { signal: leaving.signal }).catch(() => undefined);
    await until(() => hanging > 0);
    leaving.abort();
    await asked;
    expect((await logged('/hangs')).fields).toMatchObject({ route: '/hangs', aborted: true });
  });
});

describe('SES-16 CORS', () => {
  const preflight = (origin: string) =>
    fetch(`${served.url}/echo`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('lets the pages of listed origins in, by name, with credentials', async () => {
    const { status, headers } = await preflight('https://app.example.com');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-max-age')).toBe('600');
    expect(headers.get('vary')).toBe('Origin');
    const answer = await post(`${served.url}/echo`, '{}', { origin: 'https://app.example.com' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  it.each([
    ...[
      'https://evil.example',
      'null',
      'https://app.example.com.evil.example',
      'https://evilapp.example.com',
    ],
    ...['http://app.example.com', 'https://app.example.com:8443', 'https://app.example.com/', '*'],
  ])('tells %s nothing', async (origin) => {
    const answers = [await preflight(origin), await fetch(`${served.url}/echo`, { headers: { origin } })];
    for (const { headers } of answers) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers.get('vary')).toBe('Origin');
    }
  });
});
