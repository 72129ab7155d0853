import type { FactKind } from '#src/access/decision-table';
import type { UserRow } from '#src/features/users/user-row';
import { expression } from '#src/storage/columns';
import type { RowOf, SelectedColumn, Selection } from '#src/storage/store';

/** What is read of users that answer an operation. */
export interface WantedColumns {
  /** Undefined: all columns of a user. */
  readonly only?: readonly string[] | undefined;
  /** What each row brings along because stored rules look at it. */
  readonly facts: readonly FactKind[];
}

export const everyColumn: WantedColumns = { facts: [] };

/**
 * Computed beside a user (alias `u`). Identities and memberships belong to later features, so their tables are named here by text.
 */
const factColumns = {
  // Nearly nobody has another one than the user's own, which stands in the row.
  factConnections: folded<readonly (readonly [connection: string])[]>(
    ['"fi"."connection"'],
    '"identities" "fi" WHERE "fi"."user_id" = "u"."id" AND "fi"."connection" <> "u"."connection"',
  ),
  factIdentities: folded<readonly (readonly [connection: string, strategy: string])[]>(
    ['"fi"."connection"', '"fi"."provider"'],
    '"identities" "fi" WHERE "fi"."user_id" = "u"."id"',
  ),
  factOrganizations: folded<readonly (readonly [id: string])[]>(
    ['"fm"."organization_id"'],
    '"memberships" "fm" JOIN "organizations" "fo" ON "fo"."id" = "fm"."organization_id" WHERE "fm"."user_id" = "u"."id"',
  ),
};

/** The property of a row that holds facts of a kind. */
export const factProperty = {
  connections: 'factConnections',
  identities: 'factIdentities',
  organizations: 'factOrganizations',
} as const satisfies Readonly<Record<FactKind, keyof typeof factColumns>>;

/** What such a row holds beside the user. */
export type FactColumns = RowOf<typeof factColumns>;

function folded<Value>(columns: readonly string[], from: string): SelectedColumn<Value> {
  return expression<Value>(
    ({ dialect }) =>
      `(SELECT ${dialect.jsonArrayAggregate(columns.map((sql) => ({ sql, kind: 'text' })))} FROM ${from})`,
    'json',
  );
}

const extended = new WeakMap<object, Map<string, object>>();

/** The selection with the wanted facts of each row; made once. */
export function selectionWith<Row extends UserRow>(
  selection: Selection<Row>,
  { facts }: WantedColumns,
): Selection<Row> {
  return once(selection, facts, () => ({ ...selection, ...columnsFor(facts) }));
}

/** The same of a read. */
export function readWith<Made extends { readonly name: string; readonly select: object }>(
  read: Made,
  { facts }: WantedColumns,
): Made {
  return once(read, facts, () => ({
    ...read,
    name: [read.name, 'with', ...facts].join('_'),
    select: { ...read.select, ...columnsFor(facts) },
  }));
}

/** The columns that are wanted of such a read; undefined: all. */
export function onlyWith({ only, facts }: WantedColumns): readonly string[] | undefined {
  return only && facts.length > 0 ? [...only, ...facts.map((kind) => factProperty[kind])] : only;
}

function columnsFor(facts: readonly FactKind[]): Partial<typeof factColumns> {
  return Object.fromEntries(facts.map((kind) => [factProperty[kind], factColumns[factProperty[kind]]]));
}

function once<Made extends object>(plain: Made, facts: readonly FactKind[], make: () => Made): Made {
  if (facts.length === 0) return plain;
  let known = extended.get(plain);
  if (!known) extended.set(plain, (known = new Map<string, object>()));
  const key = facts.join();
  let made = known.get(key) as Made | undefined;
  if (!made) known.set(key, (made = make()));
  return made;
}
