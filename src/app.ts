import { GateKeeper } from '#src/access/gate';
import type { Platform } from '#src/access/platform';
import { createOperatorTasks, type OperatorTasks } from '#src/cli/operator-tasks';
import type { Config } from '#src/config/config';
import { isSecureIssuer } from '#src/config/origin';
import { loadConfig } from '#src/config/load-config';
import { openSecrets, type Secrets } from '#src/config/open-secrets';
import { objectFactsByUser } from '#src/features/users/reach/object-facts.loader';
import { startFeatures, type Product } from '#src/features';
import { createPolicySource } from '#src/features/attribute-rules/policy-source';
import { startApollo } from '#src/graphql/apollo';
import { buildSchema, type BuiltSchema } from '#src/graphql/build-schema';
import { CallerSchemas } from '#src/graphql/introspection';
import { Executor } from '#src/graphql/executor';
import { createErrorFormatter } from '#src/graphql/format-error';
import { createStreamRoute } from '#src/graphql/stream-route';
import {
  completeAnswer,
  createGraphqlRoute,
  recordOperation,
  type ContextParts,
} from '#src/graphql/graphql-route';
import { requireOneGraphql } from '#src/graphql/one-graphql';
import { KnownQueries } from '#src/graphql/known-queries';
import { operationLimits } from '#src/graphql/limits/limits';
import { createLogger } from '#src/http/create-logger';
import { createGraphiqlRoutes, wantsGraphiql } from '#src/http/graphiql/graphiql-page';
import { createMetrics } from '#src/http/metrics';
import { createFormTokens } from '#src/http/pages/form-token';
import { createHttpServer, type HttpServer } from '#src/http/server';
import { longestWait } from '#src/jobs/job.repository';
import { createJobs, type Jobs } from '#src/jobs/jobs';
import { systemClock, type Clock } from '#src/shared/clock';
import { randomIds, type Ids } from '#src/shared/ids';
import { silentLogger, type Logger } from '#src/shared/logger';
import { createCursors } from '#src/storage/cursor';
import { openSignals } from '#src/storage/signals';
import { openStorage } from '#src/storage/storage';
import type { Storage } from '#src/storage/store';

/** What tests put in place of the real thing. */
export interface AppOverrides {
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly logger?: Logger;
  /** Off: every operation is executed by graphql-js. */
  readonly compile?: boolean;
}

export interface App extends OperatorTasks {
  readonly http: HttpServer;
  readonly storage: Storage;
  readonly schema: BuiltSchema;
  readonly logger: Logger;
  readonly platform: Platform;
  readonly product: Product;
  /** The worker for background jobs. */
  readonly jobs: Jobs;
  /** Drains the HTTP server, stops the timers and closes the database. */
  close(): Promise<void>;
}

/** Puts the product together, top to bottom. The database must be migrated. */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<App> {
  requireOneGraphql();
  const { clock = systemClock, ids = randomIds, logger = createLogger(config.logging) } = overrides;
  const secrets = await openSecrets(config, clock);
  const storage = await openStorage({
    ...config.database,
    url: config.database.url.reveal(),
    cursorKey: secrets.derive('cursor'),
    pageLimits: { maximum: config.graphql.maxPageSize, usual: config.graphql.defaultPageSize },
    logger,
  });
  const signals = openSignals({ url: config.database.url.reveal(), logger });
  const policies = await createPolicySource({ storage, clock, logger, config: config.access, signals });
  const platform: Platform = { config, storage, clock, ids, logger, policies };
  const closePlatform = async (): Promise<void> => {
    await policies.close();
    await signals.close();
    await storage.close();
  };
  try {
    return await assemble(platform, { secrets, compile: overrides.compile ?? true, closePlatform });
  } catch (error) {
    await closePlatform();
    throw error;
  }
}

interface Assembly {
  readonly secrets: Secrets;
  readonly compile: boolean;
  readonly closePlatform: () => Promise<void>;
}

/** Everything above the open database: features, schema, server. */
async function assemble(platform: Platform, { secrets, compile, closePlatform }: Assembly): Promise<App> {
  const { config, storage, clock, ids, logger, policies } = platform;
  const jobs = createJobs({ storage, clock, ids, logger, policies, config: config.jobs });
  const product = startFeatures(platform, secrets, jobs);
  jobs.register(product.parts.flatMap((part) => part.jobs ?? []));
  const schema = buildSchema(product.parts, {
    cursors: storage.cursors,
    maximumIds: config.graphql.maxIds,
    defaultPageSize: config.graphql.defaultPageSize,
    maximumRepresentations: config.graphql.maxRepresentations,
    openSdl: config.graphql.introspection,
  });
  const executor = new Executor(schema, {
    limits: operationLimits(config.graphql, 'known'),
    anonymousLimits: operationLimits(config.graphql, 'anonymous'),
    defaultPageSize: config.graphql.defaultPageSize,
    compile,
    callerSchemas: config.graphql.introspectionByCaller
      ? new CallerSchemas(schema.open, schema.rules)
      : undefined,
    admitLookUps: (context) => product.lookUps.admit(context, context.gate.lookUps),
  });
  const formatError = createErrorFormatter(ids, logger);
  const known = new KnownQueries({ executor, formatError, maxDocuments: config.graphql.documentCacheSize });
  const apollo = await startApollo({
    schema: schema.open,
    executor,
    introspection: config.graphql.introspection,
    suggestNames: config.graphql.introspection && !config.graphql.introspectionByCaller,
    maxTokens: config.graphql.maxTokens,
    maxDocuments: config.graphql.documentCacheSize,
    formatError,
    plugins: [recordOperation, completeAnswer, known.plugin],
    logger,
  });
  const pages = createGraphiqlRoutes({ endpoint: '/graphql', enabled: config.graphql.graphiql });
  const contexts: ContextParts = {
    authenticate: product.sessions.authenticate,
    keeper: new GateKeeper(schema.rules, clock, secrets.derive('mask')),
    loadFacts: (context) => (ownerId) => context.load(objectFactsByUser).load(ownerId),
    policies,
    storage,
    clock,
    ids,
    logger,
    allowedOrigins: product.origins,
    isSecureIssuer: isSecureIssuer(config.http),
    renewCookie: product.sessions.renewCookie,
  };
  const graphql = createGraphqlRoute({
    ...contexts,
    apollo,
    known,
    page: pages[0]?.handler ?? null,
    wantsPage: (request) => wantsGraphiql(request.headers.accept, request.query),
  });
  const stream = createStreamRoute({
    ...contexts,
    schema: schema.open,
    executor,
    formatError,
    maxTokens: config.graphql.maxTokens,
    suggestNames: config.graphql.introspection,
    live: new Map(product.parts.flatMap((part) => part.live ?? []).map((field) => [field.name, field])),
  });
  const metrics = createMetrics();
  metrics.watchPool(() => storage.load());
  metrics.watchHashing(product.hashingLoad);
  metrics.watchMigrations(product.migrationOutcomes);
  metrics.watchJobs({
    ...product.transfers.tally,
    legacyHashes: product.transfers.legacyHashes,
    longestWait: () => longestWait(storage.open(), clock.now()),
  });
  const http = createHttpServer({
    config: config.http,
    logger,
    metrics,
    routes: [graphql, stream, ...pages, ...product.routes],
    origins: product.origins,
    formTokens: createFormTokens(config.http, () => secrets.ring('form-token')),
    ping: () => storage.ping(),
  });
  await product.start();
  jobs.start();
  return {
    ...createOperatorTasks(platform, product),
    platform,
    product,
    jobs,
    http,
    storage,
    schema,
    logger,
    close: async () => {
      await http.close();
      await apollo.stop();
      await jobs.stop();
      await product.close();
      await closePlatform();
    },
  };
}

/** The schema as SDL, with every directive. Opens neither a database nor a port. */
export function printSchema(): Promise<string> {
  const cursors = createCursors(Buffer.alloc(32));
  const idle: Platform = {
    config: loadConfig({ environment: {} }),
    storage: { cursors } as Storage,
    clock: systemClock,
    ids: randomIds,
    logger: silentLogger,
    policies: undefined as never,
  };
  const product = startFeatures(idle, { signing: [] } as unknown as Secrets, undefined as never);
  const options = { cursors, maximumIds: 1, maximumRepresentations: 1, openSdl: true };
  return Promise.resolve(buildSchema(product.parts, options).sdl);
}
