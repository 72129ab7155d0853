import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { Gate, GuardedField } from '#src/access/gate';
import type { Verdict } from '#src/access/decide';
import { maskValue } from '#src/access/mask';
import type { SchemaRules } from '#src/access/schema-rules';
import type { Principal } from '#src/access/principal';

/** What a guarded field needs of the context. */
interface GuardedContext {
  readonly gate: Gate;
  readonly principal: Principal;
}

type Resolver = (
  source: unknown,
  args: Record<string, unknown>,
  context: GuardedContext,
  info: GraphQLResolveInfo,
) => unknown;

/**
 * The schema with a synchronous check in front of every field that can be refused; fields that are `@public` or `@withParent`
 * alone are left untouched. Works on the finished executable schema, so that `_entities` and default resolvers are guarded too.
 */
export function guardSchema(schema: GraphQLSchema, rules: SchemaRules): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (config: GraphQLFieldConfig<unknown, GuardedContext>, fieldName, typeName) => {
      const field = rules.guarded.get(`${typeName}.${fieldName}`);
      if (!field) return undefined;
      const resolve = (config.resolve ?? defaultFieldResolver) as Resolver;
      return { ...config, resolve: guarded(field, typeName, resolve) };
    },
  });
}

/**
 * Does synchronous work, such as compiling an operation, while the given fields of the guarded schema have no gate. `open` is the schema
 * that it was made from. A copy of the schema for each set of fields would be as large as the schema.
 */
export function withoutGates<Result>(
  schemas: { readonly guarded: GraphQLSchema; readonly open: GraphQLSchema },
  fields: readonly GuardedField[],
  work: () => Result,
): Result {
  const lifted = fields.map(({ coordinate }) => {
    const gated = fieldAt(schemas.guarded, coordinate);
    const gate = gated.resolve;
    gated.resolve = fieldAt(schemas.open, coordinate).resolve;
    return { gated, gate };
  });
  try {
    return work();
  } finally {
    // SECURITY: the schema serves other callers, so whatever the work did, every gate stands again.
    for (const { gated, gate } of lifted) gated.resolve = gate;
  }
}

function fieldAt(schema: GraphQLSchema, coordinate: string): { resolve?: unknown } {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  return (schema.getType(typeName) as GraphQLObjectType).getFields()[fieldName] as GraphQLField<
    unknown,
    unknown
  >;
}

function guarded(field: GuardedField, typeName: string, resolve: Resolver): Resolver {
  const ownerOf = ownerReader(typeName);
  return (source, args, context, info) => {
    const { gate } = context;
    const verdict = gate.verdict(field);
    if (verdict.decision === 'ALLOW') return resolve(source, args, context, info);
    if (verdict.decision !== 'OBJECT') return answer(field, verdict, resolve, source, args, context, info);
    const { ownerId, connection, strategy } = ownerOf(source, args);
    if (ownerId === null) return answer(field, closed(verdict), resolve, source, args, context, info);
    const facts = gate.factsOf(ownerId, connection, strategy);
    return facts instanceof Promise
      ? facts.then((known) =>
          answer(field, gate.decideFor(field, known), resolve, source, args, context, info),
        )
      : answer(field, gate.decideFor(field, facts), resolve, source, args, context, info);
  };
}

/**
 * SECURITY: the other side of an edge. `Role.users` and its like speak of many users at once, so what a rule says of some of them
 * closes the field: nobody's facts would match no rule and open it.
 */
function closed({ reason }: Verdict): Verdict {
  return { decision: 'DENY', reason };
}

function answer(
  field: GuardedField,
  verdict: Verdict,
  resolve: Resolver,
  source: unknown,
  args: Record<string, unknown>,
  context: GuardedContext,
  info: GraphQLResolveInfo,
): unknown {
  switch (verdict.decision) {
    case 'ALLOW':
      return resolve(source, args, context, info);
    case 'MASK':
      return masked(field, verdict, context, resolve(source, args, context, info));
    case 'HIDE':
      return null;
    default:
      // SECURITY: where presence itself is secret, a denial looks as a missing value does.
      if (verdict.rule?.denial === 'NULL_SILENT') return null;
      // SECURITY: the value is not read before the denial, so neither it nor its absence shows in time or statements.
      context.gate.denials.record(field, verdict, context.principal, () => pathOf(info));
      return null;
  }
}

function masked(field: GuardedField, verdict: Verdict, context: GuardedContext, value: unknown): unknown {
  if (value instanceof Promise) return value.then((settled) => masked(field, verdict, context, settled));
  context.gate.denials.masked.add(field.coordinate);
  return maskValue(verdict.rule?.mask ?? null, value, context.gate.maskKey);
}

interface Owner {
  readonly ownerId: string | null;
  /** Set where the object is one identity. */
  readonly connection: string | null;
  readonly strategy?: string | null;
}

/** Whose data an object is: the user's own id, the `userId` of a row, or for root fields the id that the caller names. */
function ownerReader(typeName: string): (source: unknown, args: Record<string, unknown>) => Owner {
  if (typeName === 'Query' || typeName === 'Mutation')
    return (_source, args) => ({ ownerId: namedUser(args), connection: null });
  if (typeName === 'User') return (source) => ({ ownerId: text(source, 'id'), connection: null });
  if (typeName === 'Identity') {
    return (source) => ({
      ownerId: text(source, 'userId'),
      connection: text(source, 'connection'),
      strategy: text(source, 'provider'),
    });
  }
  return (source) => ({ ownerId: text(source, 'userId'), connection: null });
}

/** The user that a root field's arguments name: `id`, `userId`, `input.id` or `input.userId`, the first that is there. */
export function namedUser(args: Record<string, unknown>): string | null {
  return (
    text(args, 'id') ?? text(args, 'userId') ?? text(args['input'], 'id') ?? text(args['input'], 'userId')
  );
}

function text(source: unknown, key: string): string | null {
  if (source === null || typeof source !== 'object') return null;
  const value = (source as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : null;
}

function pathOf(info: GraphQLResolveInfo): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev) path.unshift(at.key);
  return path;
}
