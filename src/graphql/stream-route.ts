import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import type { Executor } from '#src/graphql/executor';
import type { LiveField } from '#src/graphql/feature';
import { createContext, type ContextParts } from '#src/graphql/graphql-route';
import { toGraphqlError } from '#src/graphql/denials';
import type { RequestContext } from '#src/graphql/request-context';
import type { Route } from '#src/http/routes';
import { commonErrors, GatehouseError } from '#src/shared/errors';

export interface StreamRouteParts extends ContextParts {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly maxTokens: number;
  /** Whether messages may suggest names of the schema. */
  readonly suggestNames: boolean;
  /** Root fields of subscriptions, by name. */
  readonly live: ReadonlyMap<string, LiveField>;
}

/** At most one event a second. */
const everyMs = 1_000;
/** Streams of one node, and of one caller: each costs a statement a second. */
const mostStreams = 200;
const mostOfCaller = 10;
/** Then a client has to ask again. */
const longestMs = 3_600_000;

/**
 * `POST /graphql/stream`: subscriptions over server-sent events (the protocol of graphql-sse, one stream for each request). An event is
 * the operation executed anew, for the caller recognised anew: whoever lost a right, a session or a token gets nothing more.
 */
export function createStreamRoute(parts: StreamRouteParts): Route {
  const streams = new Streams(parts);
  const contexts = new WeakMap<FastifyRequest, RequestContext>();
  const handle = createHandler({
    schema: parts.schema,
    onSubscribe: (request, { query, variables, operationName }) =>
      streams.open(request.raw, contexts.get(request.raw) as RequestContext, {
        query,
        variables: variables ?? {},
        operationName: operationName ?? null,
      }),
  });
  return {
    methods: ['POST'],
    path: '/graphql/stream',
    isEndless: true,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      contexts.set(request, await createContext(parts, request, reply));
      reply.hijack();
      await handle(request, reply);
      return reply;
    },
  };
}

interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
}

interface Opened {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly field: LiveField;
}

type Answer = { readonly errors?: readonly unknown[]; readonly data?: unknown };

class Streams {
  private readonly open_ = new Map<string, number>();
  private count = 0;

  constructor(private readonly parts: StreamRouteParts) {}

  async *open(request: FastifyRequest, first: RequestContext, asked: Asked): AsyncGenerator<ExecutionResult> {
    const caller = first.principal.accessClass;
    const own = this.open_.get(caller) ?? 0;
    const opened = this.read(asked);
    if (opened instanceof GraphQLError || Array.isArray(opened)) {
      yield this.answer({ errors: [opened].flat() });
      return;
    }
    if (this.count >= mostStreams || own >= mostOfCaller) {
      yield this.answer({
        errors: [toGraphqlError(commonErrors.RATE_LIMITED({ extensions: { limit: mostOfCaller } }))],
      });
      return;
    }
    this.count += 1;
    this.open_.set(caller, own + 1);
    try {
      yield* this.events(request, first, asked, opened as Opened);
    } finally {
      this.count -= 1;
      const left = (this.open_.get(caller) ?? 1) - 1;
      if (left === 0) this.open_.delete(caller);
      else this.open_.set(caller, left);
    }
  }

  private async *events(
    request: FastifyRequest,
    first: RequestContext,
    { variables }: Asked,
    { document, operation, field }: Opened,
  ): AsyncGenerator<ExecutionResult> {
    const end = performance.now() + longestMs;
    let context = first;
    let before = '';
    while (performance.now() < end && !request.raw.socket.destroyed) {
      // Asked first: what changes while the answer is made shows in one more event.
      const isOver = await field.isOver(context, variables, operation);
      const result = this.answer(
        await this.parts.executor.execute({ document, operation, variables, context }),
      );
      const text = JSON.stringify(result);
      if (text !== before) yield result;
      before = text;
      if (isOver || result.errors) return;
      await wait(everyMs);
      try {
        context = await createContext(this.parts, request, { header: () => request } as never);
      } catch (error) {
        if (!(error instanceof GatehouseError)) throw error;
        yield this.answer({ errors: [toGraphqlError(error)] });
        return;
      }
    }
  }

  private read({ query, operationName }: Asked): Opened | GraphQLError | readonly GraphQLError[] {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: this.parts.maxTokens });
    } catch (error) {
      return coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED');
    }
    const problems = validate(this.parts.schema, document);
    if (problems.length > 0)
      return problems.map((problem) => coded(this.unsuggesting(problem), 'GRAPHQL_VALIDATION_FAILED'));
    const operation = getOperationAST(document, operationName);
    const selection = operation?.selectionSet.selections[0];
    const field = selection?.kind === 'Field' ? this.parts.live.get(selection.name.value) : undefined;
    if (operation?.operation === 'subscription' && field) return { document, operation, field };
    return toGraphqlError(
      commonErrors.BAD_USER_INPUT({
        message: 'Send one subscription here, and everything else to /graphql.',
      }),
    );
  }

  private unsuggesting(error: GraphQLError): GraphQLError {
    if (this.parts.suggestNames) return error;
    return new GraphQLError(error.message.replace(/ Did you mean .*\?$/s, ''), {
      nodes: error.nodes ?? null,
    });
  }

  private answer(result: Answer): ExecutionResult {
    if (!result.errors || result.errors.length === 0) return result as ExecutionResult;
    const errors = result.errors.map((error) =>
      this.parts.formatError((error as GraphQLError).toJSON(), error),
    ) as unknown as readonly GraphQLError[];
    return { ...result, errors } as ExecutionResult;
  }
}

function coded(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code } });
}
