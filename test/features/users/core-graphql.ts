import 'reflect-metadata';
import {
  getOperationAST,
  parse,
  validate,
  type ExecutionResult,
  type GraphQLError,
  type OperationDefinitionNode,
} from 'graphql';
import { GateKeeper } from '#src/access/gate';
import type { Policy } from '#src/access/policy';
import type { Principal } from '#src/access/principal';
import { objectFactsByUser } from '#src/features/users/reach/object-facts.loader';
import { buildSchema, type BuiltSchema } from '#src/graphql/build-schema';
import { Executor } from '#src/graphql/executor';
import type { FeatureParts } from '#src/graphql/feature';
import { createLoaders, type RequestContext } from '#src/graphql/request-context';
import { newRequestRecord } from '#src/http/request-record';
import { GatehouseError } from '#src/shared/errors';
import type { Storage } from '#src/storage/store';
import { administrator, emptyPolicy, startCore, type Core } from '#test/features/users/core-services';

export interface Run {
  readonly as?: Principal;
  readonly policy?: Policy;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly data: Record<string, never> | null | undefined;
  /** Code and path of each error: `FORBIDDEN_FIELD user email`. */
  readonly errors: readonly string[];
  readonly extensions: readonly Readonly<Record<string, unknown>>[];
  readonly statements: number;
  readonly result: ExecutionResult;
}

export interface CoreGraphql extends Core {
  readonly schema: BuiltSchema;
  run(query: string, options?: Run): Promise<Answer>;
}

const limits = { maxDepth: 12, maxAliases: 50, maxDirectives: 50, maxRootFields: 20, maxCost: 5000 };

/** The features under test behind the schema, the gates and the executor that the product uses. */
export async function startCoreGraphql(
  storage: Storage,
  more: (core: Core) => readonly FeatureParts[] = () => [],
): Promise<CoreGraphql> {
  const core = await startCore(storage);
  const schema = buildSchema([...core.features, ...more(core)], {
    cursors: storage.cursors,
    maximumIds: 100,
    maximumRepresentations: 1000,
    openSdl: true,
  });
  const keeper = new GateKeeper(schema.rules, { now: () => core.time.now }, Buffer.alloc(32, 2));
  const executor = new Executor(schema, {
    limits,
    anonymousLimits: limits,
    defaultPageSize: 50,
    compile: true,
  });

  const run = async (query: string, options: Run = {}): Promise<Answer> => {
    const document = parse(query);
    const problems = validate(schema.open, document);
    if (problems[0]) throw problems[0] as Error;
    const call = core.callAs(options.as ?? administrator, options.policy ?? emptyPolicy);
    const context: RequestContext = {
      ...call,
      http: {
        ip: null,
        userAgent: null,
        sessionCookie: undefined,
        credentialVerdict: 'allowed',
        setCookie: () => undefined,
        record: newRequestRecord(),
      },
      gate: keeper.gateFor(call, (ownerId) => context.load(objectFactsByUser).load(ownerId)),
      load: createLoaders(() => context),
    };
    const result = await executor.execute({
      document,
      operation: getOperationAST(document) as OperationDefinitionNode,
      variables: options.variables ?? {},
      context,
    });
    return {
      data: asSent(result.data) as Answer['data'],
      errors: (result.errors ?? []).map((error) =>
        [extensionsOf(error)['code'], ...(error.path ?? [])].join(' '),
      ),
      extensions: (result.errors ?? []).map(extensionsOf),
      statements: call.store.statements,
      result,
    };
  };
  return { ...core, schema, run };
}

/** What a caller gets to see: stored metadata becomes a value when the answer is written. */
function asSent(data: unknown): unknown {
  return data === undefined ? undefined : (JSON.parse(JSON.stringify(data)) as unknown);
}

/** The code as the server adds it when it formats the answer. */
function extensionsOf(error: GraphQLError): Readonly<Record<string, unknown>> {
  const original = error.originalError;
  return original instanceof GatehouseError
    ? { code: original.code, ...original.extensions }
    : error.extensions;
}
