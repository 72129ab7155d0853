import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import type { Gate, GuardedField } from '#src/access/gate';
import type { Verdict } from '#src/access/decide';
import type { EntityDefinition } from '#src/graphql/feature';
import { tagRow } from '#src/graphql/node';
import type { RequestContext } from '#src/graphql/request-context';
import { commonErrors } from '#src/shared/errors';

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

export interface EntityAccess {
  readonly definitions: readonly EntityDefinition[];
  readonly guarded: ReadonlyMap<string, GuardedField>;
  /** Most ids in one `nodes` call, most representations in one `_entities` call. */
  readonly maximumIds: number;
  readonly maximumRepresentations: number;
}

/** The doors that reach any type by id: `node`, `nodes` and `_entities`. Each asks the rule of the type's root field first. */
export function entityResolvers(access: EntityAccess): {
  node: Resolver;
  nodes: Resolver;
  entities: Resolver;
} {
  return {
    node: (_source, args, context, info) => reachById(access, args['id'] as string, context, info, []),
    nodes: (_source, args, context, info) => {
      const ids = args['ids'] as readonly string[];
      requireAtMost('ids', ids.length, access.maximumIds);
      return settled(ids.map((id, index) => reachById(access, id, context, info, [index])));
    },
    entities: async (_source, args, context, info) => {
      const representations = args['representations'] as readonly unknown[];
      requireAtMost('representations', representations.length, access.maximumRepresentations);
      const wanted = representations.map((value, index) => parseRepresentation(access, value, index));
      await loadAhead(wanted, context);
      return settled(
        wanted.map(({ definition, id }, index) => reach(access, definition, id, context, info, [index])),
      );
    },
  };
}

interface Wanted {
  readonly definition: EntityDefinition;
  readonly id: string;
}

/** Reads the objects of types that are open to the caller in one go; the others are decided one by one, before they are read. */
async function loadAhead(wanted: readonly Wanted[], context: RequestContext): Promise<void> {
  const idsOf = new Map<EntityDefinition, string[]>();
  for (const { definition, id } of wanted) {
    const ids = idsOf.get(definition);
    if (ids) ids.push(id);
    else idsOf.set(definition, [id]);
  }
  for (const [definition, ids] of idsOf) {
    if (definition.loadAll && context.gate.isOpen(definition.rootField))
      await definition.loadAll(ids, context);
  }
}

type Reached = Promise<object | null> | object | null;

/** All of them; without waiting when they are here already. */
function settled(reached: readonly Reached[]): readonly Reached[] | Promise<readonly (object | null)[]> {
  return reached.some((one) => one instanceof Promise) ? Promise.all(reached.map(asPromise)) : reached;
}

const asPromise = (one: Reached): Promise<object | null> => Promise.resolve(one);

function requireAtMost(field: string, current: number, limit: number): void {
  if (current <= limit) return;
  throw commonErrors.LIMIT_EXCEEDED({
    message: `${field} may hold at most ${limit} entries; this has ${current}.`,
    extensions: { field, limit, current },
  });
}

/** SECURITY: forged representations. Only the type name and the id are read; every other member is ignored and reloaded. */
function parseRepresentation(access: EntityAccess, value: unknown, index: number): Wanted {
  const { __typename: typeName, id } = (value ?? {}) as Record<string, unknown>;
  const definition = access.definitions.find((candidate) => candidate.type === typeName);
  if (!definition) {
    throw commonErrors.BAD_USER_INPUT({
      // SECURITY: the names of types are told by the schema alone, which may be closed to the caller.
      message: `representations[${index}].__typename must name a type that has the directive @key.`,
      extensions: { field: `representations[${index}].__typename` },
    });
  }
  if (typeof id !== 'string') {
    throw commonErrors.BAD_USER_INPUT({
      message: `representations[${index}].id must be a text.`,
      extensions: { field: `representations[${index}].id` },
    });
  }
  return { definition, id };
}

function reachById(
  access: EntityAccess,
  id: string,
  context: RequestContext,
  info: GraphQLResolveInfo,
  at: readonly number[],
): Reached {
  const definition = access.definitions.find((candidate) => candidate.ownsId(id));
  return definition ? reach(access, definition, id, context, info, at) : null;
}

function reach(
  access: EntityAccess,
  definition: EntityDefinition,
  id: string,
  context: RequestContext,
  info: GraphQLResolveInfo,
  at: readonly number[],
): Reached {
  const field = access.guarded.get(definition.rootField);
  if (!field) return load(definition, id, context);
  const verdict = verdictFor(context.gate, field, definition, id);
  if (verdict.decision === 'ALLOW') return load(definition, id, context);
  if (verdict.decision !== 'HIDE') {
    const path = [...pathOf(info), ...at];
    context.gate.denials.record(field, verdict, context.principal, () => path);
  }
  return null;
}

/** An id names its own user, so `orSelf` is decided before anything is loaded. */
function verdictFor(gate: Gate, field: GuardedField, definition: EntityDefinition, id: string): Verdict {
  const verdict = gate.verdict(field);
  if (verdict.decision !== 'OBJECT') return verdict;
  const ownerId = definition.type === 'User' ? id : null;
  return gate.decideFor(field, { ownerId, connections: [], organizations: [] });
}

function load(definition: EntityDefinition, id: string, context: RequestContext): Reached {
  const row = definition.load(id, context);
  if (row instanceof Promise)
    return row.then((settled) => (settled ? tagRow(settled, definition.type) : null));
  return row ? tagRow(row, definition.type) : null;
}

function pathOf(info: GraphQLResolveInfo): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev) path.unshift(at.key);
  return path;
}
