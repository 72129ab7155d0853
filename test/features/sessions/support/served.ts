import { GateKeeper } from '#src/access/gate';
import { objectFactsByUser } from '#src/features/users/reach/object-facts.loader';
import { startApollo } from '#src/graphql/apollo';
import { buildSchema } from '#src/graphql/build-schema';
import { Executor } from '#src/graphql/executor';
import { createErrorFormatter } from '#src/graphql/format-error';
import { completeAnswer, createGraphqlRoute } from '#src/graphql/graphql-route';
import { operationLimits } from '#src/graphql/limits/limits';
import { createMetrics } from '#src/http/metrics';
import { createHttpServer } from '#src/http/server';
import { formTokensOf } from '#test/http/serve';
import { randomIds } from '#src/shared/ids';
import { silentLogger } from '#src/shared/logger';
import { policy, type Gateway, type Json } from '#test/features/sessions/support/gateway';

export interface Answer {
  readonly status: number;
  readonly data: Json;
  readonly codes: readonly string[];
  readonly errors: Json[];
  readonly cookies: readonly string[];
}

/** The same behind a socket, as a browser or a program sees it. */
export async function serveGateway(gateway: Gateway) {
  const { storage, clock, config } = gateway;
  const logger = silentLogger;
  const schema = buildSchema(gateway.parts, {
    cursors: storage.cursors,
    maximumIds: 100,
    maximumRepresentations: 1_000,
    openSdl: true,
  });
  const executor = new Executor(schema, {
    limits: operationLimits(config.graphql, 'known'),
    anonymousLimits: operationLimits(config.graphql, 'anonymous'),
    defaultPageSize: 50,
    compile: true,
  });
  const apollo = await startApollo({
    schema: schema.open,
    executor,
    introspection: false,
    maxTokens: 2_000,
    maxDocuments: 100,
    formatError: createErrorFormatter(randomIds, logger),
    plugins: [completeAnswer],
    logger,
  });
  const graphql = createGraphqlRoute({
    apollo,
    known: null,
    authenticate: async (credentials, store, later) => {
      const found = await gateway.feature.authenticate(credentials, store, later);
      stores.push(store);
      return found;
    },
    keeper: new GateKeeper(schema.rules, clock, Buffer.alloc(32, 1)),
    loadFacts: (context) => (ownerId) => context.load(objectFactsByUser).load(ownerId),
    policies: { current: () => policy, refresh: () => Promise.resolve() },
    storage,
    clock,
    ids: randomIds,
    logger,
    allowedOrigins: new Set(['https://app.example.com']),
    isSecureIssuer: false,
    renewCookie: gateway.feature.renewCookie,
    page: null,
    wantsPage: () => false,
  });
  const stores: { readonly statements: number }[] = [];
  const server = createHttpServer({
    config: { ...config.http, port: 0 },
    logger,
    metrics: createMetrics(),
    routes: [graphql, ...(gateway.feature.routes ?? [])],
    origins: new Set(),
    formTokens: formTokensOf(config.http),
    ping: () => Promise.resolve(),
  });
  const url = await server.listen();
  return {
    url,
    schema,
    /** Statements of the latest request, the caller's recognition included. */
    statements: () => stores.at(-1)?.statements ?? 0,
    async ask(
      query: string,
      options: { variables?: Json; headers?: Record<string, string> } = {},
    ): Promise<Answer> {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...options.headers },
        body: JSON.stringify({ query, variables: options.variables ?? {} }),
      });
      const body = (await response.json()) as Json;
      return {
        status: response.status,
        data: body.data,
        errors: body.errors ?? [],
        codes: (body.errors ?? []).map((error: Json) => error.extensions.code),
        cookies: response.headers.getSetCookie(),
      };
    },
    async close() {
      await server.close();
      await apollo.stop();
    },
  };
}

/** The headers of a browser on an allowed page that holds a session cookie. */
export function browserHeaders(cookie?: string): Record<string, string> {
  return {
    origin: 'https://app.example.com',
    'user-agent': 'Browser/1.0',
    ...(cookie !== undefined && { cookie: `gid_session=${cookie}` }),
  };
}

/** The value that a `Set-Cookie` header gives to the session cookie. */
export function cookieIn(headers: readonly string[]): string | undefined {
  return headers
    .map((header) => /^gid_session=([^;]*)/.exec(header)?.[1])
    .find((value) => value !== undefined);
}
