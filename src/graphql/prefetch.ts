import type { Connection } from '#src/graphql/connection';
import type { Edge } from '#src/graphql/edges';
import type { RequestContext } from '#src/graphql/request-context';
import type { Selection } from '#src/graphql/selection';

/** Edges by the type they start from. */
export type EdgeIndex = ReadonlyMap<string, readonly Edge[]>;

export function indexEdges(edges: readonly Edge[]): EdgeIndex {
  const index = new Map<string, Edge[]>();
  for (const edge of edges) {
    const type = edge.coordinate.slice(0, edge.coordinate.indexOf('.'));
    index.set(type, [...(index.get(type) ?? []), edge]);
  }
  return index;
}

/**
 * Loads the selected edges of a page before execution goes on: one statement an edge, edges of the same level at the same time.
 * Execution then finds every edge in its loader and stays synchronous. An edge that the caller may not read of every object is
 * left to its own field gate.
 */
export async function prefetch(
  rows: readonly object[],
  typeName: string,
  selection: Selection,
  index: EdgeIndex,
  context: RequestContext,
): Promise<void> {
  const edges = index.get(typeName);
  if (!edges || rows.length === 0) return;
  const loads: Promise<void>[] = [];
  for (const edge of edges) {
    const below = selection.has(typeName, edge.coordinate.slice(typeName.length + 1));
    if (below && context.gate.isOpen(edge.coordinate)) loads.push(follow(rows, edge, below, index, context));
  }
  if (loads.length > 0) await Promise.all(loads);
}

async function follow(
  rows: readonly object[],
  edge: Edge,
  selection: Selection,
  index: EdgeIndex,
  context: RequestContext,
): Promise<void> {
  const keys = rows.map(edge.keyOf as (row: object) => string);
  const lists = await context.load(edge.loader).loadAll(keys);
  if (index.has(edge.childType)) await prefetch(distinct(lists), edge.childType, selection, index, context);
}

/** Child rows once each: many parents share a role. */
function distinct(lists: readonly (readonly object[] | object | null)[]): object[] {
  const rows = new Set<object>();
  for (const list of lists) {
    if (Array.isArray(list)) for (const row of list as object[]) rows.add(row);
    else if (list !== null && list !== undefined) rows.add(list);
  }
  return [...rows];
}

/** The rows in what a resolver answered: a row, a list of rows, or a connection. */
export function rowsOf(value: unknown): readonly object[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value))
    return value.filter((row): row is object => row !== null && typeof row === 'object');
  const page = (value as Partial<Connection<object>>).page;
  return page ? page.rows : [value];
}
