import { EventEmitter } from 'node:events';
import { Agent, get } from 'node:http';
import { loadConfig } from '#src/config/load-config';
import { createLogger } from '#src/http/create-logger';
import { createHealth } from '#src/http/health';
import { createMetrics } from '#src/http/metrics';
import type { Route } from '#src/http/routes';
import { createOutageLog } from '#src/http/outage-log';
import { createHttpServer } from '#src/http/server';
import { stopOnSignals } from '#src/http/stop-on-signals';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import { silentLogger } from '#src/shared/logger';
import { closeAll, formTokensOf, post, serve } from '#test/http/serve';
import { until } from '#test/support/until';

afterEach(closeAll);

const wasRefused = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  );
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A route whose requests answer when they are let go. */
function held(): Route & { isAsked: () => boolean; letGo: () => void } {
  let isAsked = false;
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  return {
    methods: ['GET'],
    path: '/held',
    handler: async () => {
      isAsked = true;
      await gone;
      return { done: true };
    },
    isAsked: () => isAsked,
    letGo,
  };
}

describe('health', () => {
  it('is live without the database and ready only with it', async () => {
    let isUp = true;
    const { url } = await serve({
      ping: () => (isUp ? Promise.resolve() : Promise.reject(new Error('dsn'))),
    });
    const statuses = async () => [
      (await fetch(`${url}/health/live`)).status,
      (await fetch(`${url}/health/ready`)).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    isUp = false;
    // An answer of the database counts for a second.
    await until(async () => (await statuses())[1] === 503);
    expect(await statuses()).toEqual([200, 503]);
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'database unavailable' });
  });

  it('asks the database once a second however many probes come', async () => {
    let pings = 0;
    const { url } = await serve({
      ping: async () => {
        pings += 1;
        await pause(20);
      },
    });
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/health/ready`)));
    expect(pings).toBeLessThanOrEqual(1 + Math.floor((performance.now() - startedAt) / 1_000));
  });
});

describe('draining', () => {
  it('finishes running requests, then closes even while idle connections are kept', async () => {
    const route = held();
    const { url, server } = await serve({ routes: [route], config: { drainMs: 30_000 } });
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) =>
      get(`${url}/echo`, { agent }, (response) => response.resume().on('end', resolve)),
    );
    const answer = fetch(`${url}/held`);
    await until(route.isAsked);
    const closed = server.close();
    await until(() => wasRefused(`${url}/echo`));
    route.letGo();
    const response = await answer;
    expect(response.status).toBe(200);
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.json()).toEqual({ done: true });
    // A connection that is kept idle would hold it up for the thirty seconds that are left, and fail this test.
    await closed;
    agent.destroy();
  });

  it('cuts what does not finish in time', async () => {
    const route = held();
    const { url, server } = await serve({ routes: [route], config: { drainMs: 200 } });
    const answer = fetch(`${url}/held`).then(
      () => 'answered',
      () => 'cut',
    );
    await until(route.isAsked);
    await server.close();
    expect(await answer).toBe('cut');
  });

  it('goes on taking requests for a while after saying not ready, for balancers that have not asked yet', async () => {
    const { url, server } = await serve({ config: { stopDelayMs: 1_500 } });
    const closed = server.close();
    const [ready, echo] = await Promise.all([fetch(`${url}/health/ready`), fetch(`${url}/echo`)]);
    expect([ready.status, await ready.json(), echo.status]).toEqual([503, { status: 'draining' }, 200]);
    await closed;
    await expect(fetch(`${url}/echo`)).rejects.toThrow();
  });

  it('says not ready to probes that still come over a connection in use', async () => {
    const health = createHealth(() => Promise.resolve());
    const gate: Route = {
      methods: ['GET'],
      path: '/drain-then-probe',
      handler: (request, reply) => {
        health.drain();
        return health.routes.find(({ path }) => path === '/health/ready')!.handler(request, reply);
      },
    };
    const { url } = await serve({ routes: [gate] });
    const response = await fetch(`${url}/drain-then-probe`);
    expect([response.status, await response.json()]).toEqual([503, { status: 'draining' }]);
  });
});

describe('a port or host that cannot be used', () => {
  it('is one clear problem without a stack', async () => {
    const { port } = await serve();
    await expect(serve({ config: { port } })).rejects.toMatchObject({
      problems: [
        {
          key: 'http.port',
          problem: `port ${port} is already in use; stop the other program or choose another port with GATEHOUSE_PORT`,
        },
      ],
    });
    await expect(serve({ config: { host: '203.0.113.1' } })).rejects.toMatchObject({
      problems: [{ key: 'http.host' }],
    });
  });
});

describe('stopOnSignals', () => {
  function processLike(): EventEmitter & { readonly codes: number[]; exit(code: number): void } {
    const codes: number[] = [];
    return Object.assign(new EventEmitter(), { codes, exit: (code: number) => void codes.push(code) });
  }

  it.each(['SIGTERM', 'SIGINT'])('closes and exits 0 on %s', async (signal) => {
    const target = processLike();
    stopOnSignals(() => Promise.resolve(), silentLogger, 1_000, target);
    target.emit(signal);
    await pause(5);
    expect(target.codes).toEqual([0]);
  });

  it('exits at once on a second signal', () => {
    const target = processLike();
    stopOnSignals(() => new Promise(() => undefined), silentLogger, 50, target);
    target.emit('SIGTERM');
    expect(target.codes).toEqual([]);
    target.emit('SIGINT');
    expect(target.codes).toEqual([1]);
  });

  it('exits 1 when closing fails or takes too long', async () => {
    const failing = processLike();
    stopOnSignals(() => Promise.reject(new Error('no')), silentLogger, 1_000, failing);
    failing.emit('SIGTERM');
    const hanging = processLike();
    stopOnSignals(() => new Promise(() => undefined), silentLogger, 20, hanging);
    hanging.emit('SIGTERM');
    await pause(60);
    expect([failing.codes, hanging.codes]).toEqual([[1], [1]]);
  });
});

describe('metrics', () => {
  it('count by route, method, status and operation, with labels from closed sets', async () => {
    const operation: Route = {
      methods: ['POST'],
      path: '/graphql',
      handler: (request) => {
        Object.assign(request.record, {
          operationName: 'WhoIsJane',
          operationType: 'query',
          statements: () => 4,
          errorCodes: ['FORBIDDEN_FIELD', 'made-up-by-a-caller'],
        });
        return {};
      },
    };
    const { url, metrics } = await serve({ routes: [operation] });
    metrics.watchPool(() => ({ total: 10, idle: 7, waiting: 2 }));
    await post(`${url}/graphql`, '{}');
    await fetch(`${url}/secret/hunter2`);
    await fetch(`${url}/echo`, { method: 'MKCOL' });
    await pause(20);
    const response = await fetch(`${url}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('gatehouse_http_requests_total{route="/graphql",method="POST",status="200"} 1');
    expect(text).toContain('gatehouse_http_requests_total{route="unknown",method="GET",status="404"} 1');
    expect(text).toContain('gatehouse_request_duration_seconds_count{operation="query"} 1');
    expect(text).toContain('gatehouse_request_statements_sum{operation="query"} 4');
    expect(text).toContain('gatehouse_errors_total{code="FORBIDDEN_FIELD"} 1');
    expect(text).toContain('gatehouse_errors_total{code="other"} 1');
    expect(text).toContain('gatehouse_database_connections{state="busy"} 3');
    expect(text).toContain('gatehouse_http_requests_running 1');
    expect(text).toMatch(/gatehouse_event_loop_lag_seconds\{quantile="0.99"\} [\d.]+/);
    expect(text).not.toMatch(/hunter2|WhoIsJane|made-up|MKCOL|version/);
  });
});

describe('createLogger', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  beforeEach(() => void (lines.length = 0));

  it('writes one JSON object a line, from its level upwards', () => {
    const logger = createLogger({ level: 'info', format: 'json' }, destination);
    logger.debug({ a: 1 }, 'hidden');
    logger.child({ requestId: 'r1' }).info({ ms: 3 }, 'request');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      requestId: 'r1',
      ms: 3,
      msg: 'request',
    });
  });

  it('writes readable lines on request', () => {
    createLogger({ level: 'info', format: 'pretty' }, destination).warn({ ms: 3 }, 'slow request');
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: slow request \{"ms":3\}\n$/);
  });
});

it('a server that never listened closes without waiting', async () => {
  const server = createHttpServer({
    config: loadConfig({ environment: {} }).http,
    logger: silentLogger,
    metrics: createMetrics(),
    routes: [],
    origins: new Set(),
    formTokens: formTokensOf(loadConfig({ environment: {} }).http),
    ping: () => Promise.resolve(),
  });
  await expect(server.close()).resolves.toBeUndefined();
});

describe('the log of outages', () => {
  const full = (message: string): GatehouseError =>
    commonErrors.STORAGE_UNAVAILABLE({ cause: new Error(message) });

  it('says why the database failed, at most once in ten seconds for each code', () => {
    const lines: unknown[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => void lines.push(fields) };
    let now = 0;
    const note = createOutageLog(logger, () => now);
    for (const message of ['SQLITE_FULL: no room', 'again', 'and again']) note(full(message));
    note(commonErrors.STORAGE_BUSY());
    note(commonErrors.NOT_FOUND({ cause: new Error('not of the database') }));
    now = 10_001;
    note(full('later'));
    expect(lines).toEqual([
      { errorCode: 'STORAGE_UNAVAILABLE', cause: 'SQLITE_FULL: no room', notLogged: 0 },
      { errorCode: 'STORAGE_BUSY', cause: 'none was given', notLogged: 0 },
      { errorCode: 'STORAGE_UNAVAILABLE', cause: 'later', notLogged: 2 },
    ]);
  });

  it('has the cause of an answer that is nothing but the error', async () => {
    const lines: unknown[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => void lines.push(fields) };
    const away: Route = { methods: ['GET'], path: '/away', handler: () => Promise.reject(full('gone')) };
    const { url } = await serve({ routes: [away], logger });
    const answer = await fetch(`${url}/away`);
    expect([answer.status, await answer.text()]).toEqual([503, expect.not.stringContaining('gone')]);
    expect(lines).toContainEqual({ errorCode: 'STORAGE_UNAVAILABLE', cause: 'gone', notLogged: 0 });
  });
});
