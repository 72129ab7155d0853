import { connect } from 'node:net';
import type { HttpConfig } from '#src/config/http';
import { loadConfig } from '#src/config/load-config';
import { allowedOrigins } from '#src/http/cors';
import { createMetrics, type Metrics } from '#src/http/metrics';
import { createFormTokens, type FormTokens } from '#src/http/pages/form-token';
import type { Route } from '#src/http/routes';
import { createHttpServer, type HttpServer } from '#src/http/server';
import { silentLogger, type Logger } from '#src/shared/logger';

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly server: HttpServer;
  readonly metrics: Metrics;
}

export interface ServeOptions {
  readonly config?: Partial<HttpConfig>;
  readonly routes?: readonly Route[];
  readonly logger?: Logger;
  readonly ping?: () => Promise<void>;
}

/** Tokens of forms under a key that tests know. */
export function formTokensOf(config: { readonly issuer: string }): FormTokens {
  return createFormTokens(config, () => [{ kid: 'test', key: Buffer.alloc(32, 7) }]);
}

const running: HttpServer[] = [];

/** A server on a free port that echoes JSON at `/echo`; closed by `closeAll`. */
export async function serve(options: ServeOptions = {}): Promise<Served> {
  const metrics = createMetrics();
  const echo: Route = {
    methods: ['GET', 'POST'],
    path: '/echo',
    handler: (request) => ({ body: request.body ?? null, ip: request.ip }),
  };
  const config = { ...loadConfig({ environment: {} }).http, port: 0, drainMs: 2_000, ...options.config };
  const server = createHttpServer({
    config,
    origins: allowedOrigins(config),
    logger: options.logger ?? silentLogger,
    metrics,
    formTokens: formTokensOf(config),
    routes: [echo, ...(options.routes ?? [])],
    ping: options.ping ?? (() => Promise.resolve()),
  });
  running.push(server);
  const url = await server.listen();
  return { url, port: Number(new URL(url).port), server, metrics };
}

export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

/** Sends a body as it is, by default as JSON. */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

/** Writes bytes to the port and answers everything that comes back until the server closes the connection. */
export function rawExchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
    );
  });
}

/** The code of the only error of an answer. */
export function codeOf(answer: { readonly json: unknown }): string {
  const { errors } = answer.json as { errors: { message: string; extensions: { code: string } }[] };
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(/^[A-Z].*\.$/);
  return errors[0]!.extensions.code;
}
