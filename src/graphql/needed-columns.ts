import type { SelectedFields } from '#src/graphql/operation-plan';
import type { RequestContext } from '#src/graphql/request-context';

type Selected = ReadonlyMap<string, SelectedFields>;

/** Which columns of a row the fields of its object type are made of. */
export interface FieldColumns<Column extends string> {
  /** The object type: `User`. */
  readonly type: string;
  /** Columns that are read whatever is selected: ids, owners, and what places a row in a list. */
  readonly always: readonly Column[];
  /** What fields with a resolver take of the row. One that is not named here takes every column. */
  readonly resolved: Readonly<Record<string, readonly Column[]>>;
  /** What fields of other types take of it, by their coordinates: `User.effectivePicture`. */
  readonly elsewhere?: Readonly<Record<string, readonly Column[]>>;
}

/**
 * The columns that the running operation can look at, wherever it reaches the type; undefined: all. Fields without a resolver are
 * the column of their name. Rows that are read for anything else than to be answered must be read whole.
 */
export function neededColumns(
  context: RequestContext,
  columns: FieldColumns<string>,
): readonly string[] | undefined {
  const { selected } = context;
  if (!selected) return undefined;
  let known = cache.get(selected);
  if (!known) cache.set(selected, (known = new Map()));
  if (!known.has(columns)) known.set(columns, choose(selected, columns));
  return known.get(columns);
}

/** Plans of operations are kept, so the choice is made once for each. */
const cache = new WeakMap<Selected, Map<object, readonly string[] | undefined>>();

function choose(selected: Selected, columns: FieldColumns<string>): readonly string[] | undefined {
  const fields = selected.get(columns.type);
  if (!fields) return undefined;
  const needed = new Set([...columns.always, ...fields.plain]);
  for (const [coordinate, taken] of Object.entries(columns.elsewhere ?? {})) {
    const [type = '', field = ''] = coordinate.split('.');
    if (selected.get(type)?.resolved.has(field)) for (const column of taken) needed.add(column);
  }
  for (const field of fields.resolved) {
    const taken = columns.resolved[field];
    if (!taken) return undefined;
    for (const column of taken) needed.add(column);
  }
  return [...needed].sort();
}
