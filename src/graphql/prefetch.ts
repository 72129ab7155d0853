import { getArgumentValues, type GraphQLField, type GraphQLSchema } from 'graphql';
import type { Connection } from '#src/graphql/connection';
import type { Edge, EdgeRows } from '#src/graphql/edges';
import { literalArguments } from '#src/graphql/literal-arguments';
import type { RequestContext } from '#src/graphql/request-context';
import type { Selection } from '#src/graphql/selection';

interface IndexedEdge extends Edge {
  readonly fieldName: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** Set where the field answers a connection. */
  readonly connectionType: string | null;
}

/** Edges by the type they start from. */
export type EdgeIndex = ReadonlyMap<string, readonly IndexedEdge[]>;

export function indexEdges(edges: readonly Edge[], schema: GraphQLSchema): EdgeIndex {
  const index = new Map<string, IndexedEdge[]>();
  for (const edge of edges) {
    const [typeName = '', fieldName = ''] = edge.coordinate.split('.');
    const field = (
      schema.getType(typeName) as { getFields?: () => Record<string, GraphQLField<unknown, unknown>> }
    ).getFields?.()[fieldName];
    if (!field) throw new Error(`The edge ${edge.coordinate} names no field of the schema.`);
    const connectionType = String(field.type).endsWith('Connection') ? String(field.type) : null;
    index.set(typeName, [...(index.get(typeName) ?? []), { ...edge, fieldName, field, connectionType }]);
  }
  return index;
}

/** What reading ahead needs of the operation and the caller. */
export interface ReadAhead {
  readonly index: EdgeIndex;
  readonly context: RequestContext;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Loads the selected edges of a page before execution goes on: one statement an edge, edges of the same level at the same time.
 * Execution then finds every edge in its loader and stays synchronous. An edge that the caller may not read of every object is
 * left to its own field gate. Nothing to wait for (undefined) when all edges are here already, as with a user that was read with them.
 */
export function prefetch(
  rows: readonly object[],
  typeName: string,
  selection: Selection,
  ahead: ReadAhead,
): Waiting {
  if (rows.length === 0) return undefined;
  const loads: Waiting[] = [];
  for (const selected of selectedEdges(ahead.index, typeName, selection)) {
    if (ahead.context.gate.isOpen(selected.edge.coordinate)) loads.push(follow(rows, selected, ahead));
  }
  return allOf(loads);
}

interface SelectedEdge {
  readonly edge: IndexedEdge;
  readonly below: Selection;
  /** Null where they differ from execution to execution. */
  readonly args: Readonly<Record<string, unknown>> | null;
}

interface SelectedEdges {
  readonly index: EdgeIndex;
  readonly byType: Map<string, readonly SelectedEdge[]>;
}

const known = new WeakMap<Selection, SelectedEdges>();

/** A type has many edges and an operation selects few of them: they are looked for once for each parsed document. */
function selectedEdges(index: EdgeIndex, typeName: string, selection: Selection): readonly SelectedEdge[] {
  let edges = known.get(selection);
  if (edges?.index !== index) known.set(selection, (edges = { index, byType: new Map() }));
  let selected = edges.byType.get(typeName);
  if (!selected) {
    selected = (index.get(typeName) ?? []).flatMap((edge) => {
      const below = selection.has(typeName, edge.fieldName);
      return below ? [{ edge, below, args: literalArguments(edge.field, below.node) }] : [];
    });
    edges.byType.set(typeName, selected);
  }
  return selected;
}

type Waiting = Promise<void> | undefined;

/** All that is still on its way. */
export function allOf(loads: readonly Waiting[]): Waiting {
  const waiting = loads.filter((load) => load !== undefined);
  return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => undefined);
}

function follow(
  rows: readonly object[],
  { edge, below: selection, args: literal }: SelectedEdge,
  ahead: ReadAhead,
): Waiting {
  const args = literal ?? getArgumentValues(edge.field, selection.node, ahead.variables);
  const below = (found: readonly EdgeRows[]): Waiting => {
    if (!ahead.index.has(edge.childType)) return undefined;
    const children = distinct(found);
    const selections = rowSelections(selection, edge.connectionType, edge.childType);
    return allOf(selections.map((selected) => prefetch(children, edge.childType, selected, ahead)));
  };
  const found = edge.load(rows, args, ahead.context);
  return found instanceof Promise ? found.then(below) : below(found);
}

/** Where the rows of a field are selected: directly, or below `nodes` and `edges { node }` of a connection. */
export function rowSelections(
  selection: Selection,
  connectionType: string | null,
  rowType: string,
): readonly Selection[] {
  if (connectionType === null) return [selection];
  const nodes = selection.has(connectionType, 'nodes');
  const node = selection.has(connectionType, 'edges')?.has(`${rowType}Edge`, 'node');
  return [nodes, node].filter((below) => below !== undefined);
}

/** Child rows once each: many parents share a role. */
function distinct(found: readonly (readonly object[] | object | null)[]): object[] {
  const rows = new Set<object>();
  for (const list of found) {
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
