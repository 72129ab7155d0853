import { GroupClosureEntity } from './group-closure.entity';
import { GroupEdgeEntity } from './group-edge.entity';
import { GroupEntity } from '#src/features/groups/group.entity';
import { groupSelection, type GroupRow } from '#src/features/groups/group.repository';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

export interface Edge {
  readonly parentId: string;
  readonly childId: string;
}

/** Every other change of the nesting waits until the end of the transaction; nobody who reads does. */
export function lockNesting(store: Store): Promise<number> {
  return store.execute(store.dialect.advisoryLock('group-nesting'));
}

/** A new group stands for itself. */
export function insertSelf(store: Store, ids: readonly string[]): Promise<number> {
  return store.insert(
    GroupClosureEntity,
    ids.map((id) => ({ ancestorId: id, descendantId: id, depth: 0 })),
  );
}

export function insertEdges(store: Store, edges: readonly Edge[]): Promise<number> {
  return store.insert(GroupEdgeEntity, edges, { ignoreConflicts: true });
}

export async function deleteEdges(store: Store, edges: readonly Edge[]): Promise<number> {
  let deleted = 0;
  for (const edge of edges) deleted += await store.delete(GroupEdgeEntity, { ...edge });
  return deleted;
}

/** The group and everything below it. */
function below(store: Store, id: string): Sql {
  return sql`SELECT "descendant_id" FROM ${store.table(GroupClosureEntity)} WHERE "ancestor_id" = ${id}`;
}

/**
 * Brings the pairs of a group and all below it with the groups above it up to its edges. What is between the group and those below it
 * has not changed, nor has what is above its parents: each pair is put together from two that stand.
 */
export async function rebuildAbove(store: Store, id: string): Promise<void> {
  const closure = store.table(GroupClosureEntity);
  await store.execute(
    sql`DELETE FROM ${closure} WHERE "descendant_id" IN (${below(store, id)}) AND "ancestor_id" NOT IN (${below(store, id)})`,
  );
  await store.execute(
    sql`INSERT INTO ${closure} ("ancestor_id", "descendant_id", "depth")
      SELECT "up"."ancestor_id", "down"."descendant_id", MAX("up"."depth" + 1 + "down"."depth")
      FROM ${store.table(GroupEdgeEntity)} "e"
      JOIN ${closure} "up" ON "up"."descendant_id" = "e"."parent_id"
      JOIN ${closure} "down" ON "down"."ancestor_id" = "e"."child_id"
      WHERE "e"."child_id" IN (${below(store, id)}) AND "e"."parent_id" NOT IN (${below(store, id)})
      GROUP BY "up"."ancestor_id", "down"."descendant_id"`,
  );
}

/** The longest way through the group, from the highest above it to the lowest below it. */
export async function findDepth(store: Store, id: string): Promise<number> {
  const closure = store.table(GroupClosureEntity);
  const [row] = await store.query<{ depth: number }>(
    sql`SELECT (SELECT MAX("depth") FROM ${closure} WHERE "descendant_id" = ${id})
      + (SELECT MAX("depth") FROM ${closure} WHERE "ancestor_id" = ${id}) AS "depth"`,
    { depth: 'integer' },
  );
  return row?.depth ?? 0;
}

/** Those of the groups that stand below `ancestorId`, or are it. */
export async function findBelow(store: Store, ancestorId: string, ids: readonly string[]): Promise<string[]> {
  const at = (property: keyof GroupClosureEntity & string): Sql =>
    store.column(GroupClosureEntity, property, 'gc');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${at('descendantId')} AS "id" FROM ${store.table(GroupClosureEntity)} AS gc
      WHERE ${at('ancestorId')} = ${ancestorId} AND ${store.dialect.anyOf(at('descendantId'), ids)}`,
    { id: 'text' },
  );
  return rows.map(({ id }) => id);
}

/** The edges among the groups that stand between two, these included. */
export function findEdgesBetween(store: Store, ancestorId: string, descendantId: string): Promise<Edge[]> {
  const closure = store.table(GroupClosureEntity);
  return store.query<Edge>(
    sql`SELECT "e"."parent_id" AS "parentId", "e"."child_id" AS "childId" FROM ${store.table(GroupEdgeEntity)} "e"
      WHERE "e"."parent_id" IN (${below(store, ancestorId)})
        AND "e"."child_id" IN (SELECT "ancestor_id" FROM ${closure} WHERE "descendant_id" = ${descendantId})
      ORDER BY "e"."parent_id", "e"."child_id"`,
    { parentId: 'text', childId: 'text' },
  );
}

/** Every edge above any of the groups. */
export function findEdgesAbove(store: Store, ids: readonly string[]): Promise<Edge[]> {
  const at = (property: keyof GroupClosureEntity & string): Sql =>
    store.column(GroupClosureEntity, property, 'gc');
  return store.query<Edge>(
    sql`SELECT DISTINCT "e"."parent_id" AS "parentId", "e"."child_id" AS "childId"
      FROM ${store.table(GroupClosureEntity)} AS gc
      JOIN ${store.table(GroupEdgeEntity)} "e" ON "e"."child_id" = ${at('ancestorId')}
      WHERE ${store.dialect.anyOf(at('descendantId'), ids)} ORDER BY 1, 2`,
    { parentId: 'text', childId: 'text' },
  );
}

/** A neighbour of a group in the nesting. */
export type NeighbourRow = GroupRow & { readonly ofId: string };

/** The groups directly above (`parents`) or below (`children`) each of the groups, in the order of their names. */
export function findNeighbours(
  store: Store,
  side: 'parents' | 'children',
  ids: readonly string[],
): Promise<NeighbourRow[]> {
  const [own, other] =
    side === 'parents' ? (['childId', 'parentId'] as const) : (['parentId', 'childId'] as const);
  const of = store.column(GroupEdgeEntity, own, 'ge');
  const { columns, kinds } = store.selection(groupSelection);
  return store.query<NeighbourRow>(
    sql`SELECT ${columns}, ${of} AS "ofId" FROM ${store.table(GroupEdgeEntity)} AS ge
      JOIN ${store.table(GroupEntity)} AS g ON ${store.column(GroupEntity, 'id', 'g')} = ${store.column(GroupEdgeEntity, other, 'ge')}
      WHERE ${store.dialect.anyOf(of, ids)}
      ORDER BY ${store.column(GroupEntity, 'nameFolded', 'g')}, ${store.column(GroupEntity, 'id', 'g')}`,
    { ...kinds, ofId: 'text' } as never,
  );
}
