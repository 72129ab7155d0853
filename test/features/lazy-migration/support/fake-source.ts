import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vendorAnswer } from '#test/features/lazy-migration/support/vendor-answers';

export interface SourceUser {
  readonly password: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

export type Misbehaviour =
  'none' | 'hang' | 'slow-body' | 'status-500' | 'redirect' | 'huge' | 'no-json' | 'list' | 'gone';

/** An old system on loopback: `GET /users/<identifier>`, `POST /users/<identifier>`, `POST /hook`, and those of `vendor-answers.ts`. */
export interface FakeSource {
  readonly url: string;
  /** By identifier. */
  readonly users: Map<string, SourceUser>;
  misbehaviour: Misbehaviour;
  /** Method, path and authorization of each call so far. */
  readonly calls: {
    readonly method: string;
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  /** What `/hook` was told, in order, and what it answers to it. */
  readonly told: Record<string, unknown>[];
  reply: string;
  close(): Promise<void>;
}

export async function startFakeSource(): Promise<FakeSource> {
  const users = new Map<string, SourceUser>();
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    source.calls.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (!misbehave(source.misbehaviour, response)) answer(source, request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const source: FakeSource = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    users,
    misbehaviour: 'none',
    calls: [],
    told: [],
    reply: 'done',
    close: () => {
      for (const response of open) response.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return source;
}

function misbehave(kind: Misbehaviour, response: ServerResponse): boolean {
  const json = { 'content-type': 'application/json' };
  switch (kind) {
    case 'none':
      return false;
    case 'hang':
      return true;
    case 'slow-body':
      response.writeHead(200, json).write('{"user_id":');
      return true;
    case 'status-500':
      response.writeHead(500).end('{"error":"CNRY-from-the-source"}');
      return true;
    case 'redirect':
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      return true;
    case 'huge':
      response.writeHead(200, json).end(`{"user_id":"${'x'.repeat(10_000_000)}"}`);
      return true;
    case 'no-json':
      response.writeHead(200, json).end('{"user_id":');
      return true;
    case 'list':
      response.writeHead(200, json).end('[]');
      return true;
    case 'gone':
      response.destroy();
      return true;
  }
}

function answer(source: FakeSource, request: IncomingMessage, response: ServerResponse, body: string): void {
  const send = (status: number, content: object = {}): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  const given = body === '' ? {} : (JSON.parse(body) as Record<string, string>);
  const { users } = source;
  if (request.url === '/hook') {
    if (given['action'] !== 'verify' && given['action'] !== 'lookup') {
      source.told.push(given);
      return send(200, { status: source.reply });
    }
    const user = users.get(given['identifier'] ?? '');
    if (user === undefined) return send(200, { status: 'not_found' });
    if (given['action'] === 'lookup') return send(200, { status: 'found', user: user.profile });
    const isRight = given['password'] === user.password;
    return send(
      200,
      isRight ? { status: 'password_match', user: user.profile } : { status: 'password_mismatch' },
    );
  }
  const vendor = vendorAnswer(users, request, given);
  if (vendor !== null) return send(...vendor);
  const user = users.get(decodeURIComponent((request.url ?? '').replace('/users/', '')));
  if (user === undefined) return send(404);
  if (request.method === 'GET') return send(200, user.profile);
  send(given['password'] === user.password ? 200 : 401);
}
