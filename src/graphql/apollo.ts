import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayInterface, GatewaySchemaLoadOrUpdateCallback } from '@apollo/server-gateway-interface';
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Executor } from '#src/graphql/executor';
import type { RequestContext } from '#src/graphql/request-context';
import type { Logger } from '#src/shared/logger';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly introspection: boolean;
  /** Whether messages about wrong names suggest right ones: only where anybody may read the whole schema. Default: as introspection. */
  readonly suggestNames?: boolean;
  readonly maxTokens: number;
  /** Parsed and validated documents that are kept. */
  readonly maxDocuments: number;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
  readonly logger: Logger;
}

/**
 * Apollo Server as the GraphQL-over-HTTP service: parsing, validation, media types, CSRF prevention. Execution is ours. Plugins that
 * would wrap every field (cache control, inline trace) or call home are off.
 */
export async function startApollo(options: ApolloOptions): Promise<ApolloServer<RequestContext>> {
  const server = new ApolloServer<RequestContext>({
    gateway: executorGateway(options.schema, options.executor),
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !(options.suggestNames ?? options.introspection),
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    documentStore: documentStore(options.maxDocuments),
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: options.maxTokens, noLocation: false },
    formatError: options.formatError,
    logger: apolloLogger(options.logger),
    nodeEnv: 'production',
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...options.plugins,
    ],
  });
  await server.start();
  return server;
}

/** Keeps the parsed documents themselves, because plans and compiled queries hang on them. */
function documentStore(max: number): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({ max });
  return {
    get: (key) => Promise.resolve(documents.get(key)),
    set: (key, document) => {
      documents.set(key, document);
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(documents.delete(key)),
  };
}

type DocumentStore = NonNullable<ConstructorParameters<typeof ApolloServer>[0]['documentStore']>;

/** Apollo hands validated operations to a gateway's executor: the documented way to execute by other means than graphql-js. */
function executorGateway(schema: GraphQLSchema, executor: Executor): GatewayInterface {
  let notify: GatewaySchemaLoadOrUpdateCallback | undefined;
  return {
    load: () => {
      notify?.({ apiSchema: schema, coreSupergraphSdl: '' });
      return Promise.resolve({
        executor: (request) => {
          const context = request.context as RequestContext;
          return (context.executed ??
            executor.execute({
              document: request.document,
              operation: request.operation,
              variables: request.request.variables ?? {},
              context,
            })) as never;
        },
      });
    },
    onSchemaLoadOrUpdate: (callback) => {
      notify = callback;
      return () => undefined;
    },
    stop: () => Promise.resolve(),
  };
}

function apolloLogger(logger: Logger): { debug: Log; info: Log; warn: Log; error: Log } {
  return {
    debug: (message) => logger.debug({}, String(message)),
    info: (message) => logger.info({}, String(message)),
    warn: (message) => logger.warn({}, String(message)),
    error: (message) => logger.error({}, String(message)),
  };
}

type Log = (message?: unknown) => void;
