import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import {
  type GraphQLError,
  type DocumentNode,
  type GraphQLFormattedError,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Executor } from '#src/graphql/executor';
import type { OwnReadMemory } from '#src/graphql/own-user';
import { challengeStepUp } from '#src/graphql/step-up-challenge';
import type { RequestContext } from '#src/graphql/request-context';
import { stringify } from '#src/shared/json-text';

interface KnownQuery {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly own: OwnReadMemory;
}

export interface KnownQueryParts {
  readonly executor: Executor;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly maxDocuments: number;
}

/**
 * Queries that Apollo Server has parsed and validated before, by their text. Such a query, sent in the plainest way, goes straight to
 * the executor: hashing the text again, negotiating media types and running the stages of the pipeline cost more than reading a row.
 * Limits, gates and error formats are the same; mutations and other media types take the whole way, and so do answers without data, whose
 * operation is not executed again.
 */
export class KnownQueries {
  private readonly queries: LRUCache<string, KnownQuery>;

  constructor(private readonly parts: KnownQueryParts) {
    this.queries = new LRUCache({ max: parts.maxDocuments });
  }

  /** Remembers what has passed validation. */
  readonly plugin: ApolloServerPlugin<RequestContext> = {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ source, document, operation }) => {
          const isOnly =
            document.definitions.filter((node) => node.kind === 'OperationDefinition').length === 1;
          if (operation?.operation === 'query' && isOnly)
            this.queries.set(source, { document, operation, own: { last: null } });
          return Promise.resolve();
        },
      }),
  };

  /** The query of a request that may take the short way. */
  find({ method, headers, body }: FastifyRequest): KnownQuery | undefined {
    if (method !== 'POST' || !isPlain(headers.accept)) return undefined;
    const { query, operationName } = (body ?? {}) as { query?: unknown; operationName?: unknown };
    const known = typeof query === 'string' ? this.queries.get(query) : undefined;
    return known && (operationName ?? null) === (operationName ? known.operation.name?.value : null)
      ? known
      : undefined;
  }

  /** The answer as JSON text, or null when only the whole way knows how to answer; it then finds what was executed in the context. */
  async answer(query: KnownQuery, request: FastifyRequest, context: RequestContext): Promise<string | null> {
    const { variables = {}, extensions = {} } = request.body as { variables?: unknown; extensions?: unknown };
    if (!isRecord(variables) || !isRecord(extensions)) return null;
    const { record } = context.http;
    record.operationName = query.operation.name?.value ?? null;
    record.operationType = 'query';
    const { document, operation } = query;
    const execution = this.parts.executor.execute({
      document,
      operation,
      variables: variables ?? {},
      context,
    });
    const result = await execution.catch(() => null);
    if (!result?.data) {
      // What is counted or recorded on the way happens once: the whole way words this very outcome.
      context.executed = execution;
      return null;
    }
    const { data, extensions: answered } = result;
    const rest = answered ? { data, extensions: answered } : { data };
    if (!result.errors || result.errors.length === 0) return text(rest);
    const errors = result.errors.map((error) => this.parts.formatError(formatted(error), error));
    challengeStepUp(context.http, errors);
    record.errorCodes = errors.map((error) => String(error.extensions?.['code']));
    return text({ errors, ...rest });
  }
}

/** As Apollo Server writes it, to the byte: errors first, a line break at the end. */
const text = (answer: object): string => `${stringify(answer)}\n`;

function isPlain(accept: string | undefined): boolean {
  return accept === undefined || accept === '*/*' || accept === 'application/json';
}

function isRecord(value: unknown): value is Record<string, unknown> | null {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The same shape that Apollo Server hands to the formatter. */
function formatted(error: GraphQLError): GraphQLFormattedError {
  const { message, locations, path, extensions } = error.toJSON();
  return {
    message,
    ...(locations ? { locations } : {}),
    ...(path ? { path } : {}),
    extensions: { ...extensions, code: extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR' },
  };
}
