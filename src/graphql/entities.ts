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
      const reached: Reached[] = [];
      const others: Wanted[] = [];
      for (const wanted of wantedOf(access, representations)) {
        if (!(await loadOpen(wanted, context, reached))) others.push(wanted);
      }
      for (const { definition, ids, places } of others) {
        ids.forEach((id, index) => {
          const place = places[index] as number;
          reached[place] = reach(access, definition, id, context, info, [place]);
        });
      }
      return settled(reached);
    },
  };
}

/** What is asked of one type. */
interface Wanted {
  readonly definition: EntityDefinition;
  readonly ids: string[];
  /** Where each of them stands among the representations. */
  readonly places: number[];
}

function wantedOf(access: EntityAccess, representations: readonly unknown[]): Iterable<Wanted> {
  const byType = new Map<EntityDefinition, Wanted>();
  representations.forEach((value, place) => {
    const { definition, id } = parseRepresentation(access, value, place);
    let wanted = byType.get(definition);
    if (!wanted) byType.set(definition, (wanted = { definition, ids: [], places: [] }));
    wanted.ids.push(id);
    wanted.places.push(place);
  });
  return byType.values();
}

/** Reads the objects of a type that is open to the caller in one go. Those of others are decided one by one, before they are read: false. */
async function loadOpen(
  { definition, ids, places }: Wanted,
  context: RequestContext,
  reached: Reached[],
): Promise<boolean> {
  if (!definition.loadAll || !context.gate.isOpen(definition.rootField)) return false;
  const rows = await definition.loadAll(ids, context);
  rows.forEach((row, index) => {
    reached[places[index] as number] = tagged(row, definition);
  });
  return true;
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
function parseRepresentation(
  access: EntityAccess,
  value: unknown,
  index: number,
): { readonly definition: EntityDefinition; readonly id: string } {
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
  return tagged(definition.load(id, context), definition);
}

function tagged(row: Reached, { type }: EntityDefinition): Reached {
  if (row instanceof Promise) return row.then((settled) => (settled ? tagRow(settled, type) : null));
  return row ? tagRow(row, type) : null;
}

function pathOf(info: GraphQLResolveInfo): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev) path.unshift(at.key);
  return path;
}
