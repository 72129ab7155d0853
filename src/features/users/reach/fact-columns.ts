import { nameInputs } from '#src/features/users/profile/name-inputs';
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

/** The selection with the wanted facts of each row, and with what answers alone need; made once. */
export function selectionWith<Row extends UserRow>(
  selection: Selection<Row>,
  wanted: WantedColumns,
): Selection<Row> {
  return once(selection, wanted, () => ({ ...selection, ...columnsFor(wanted) }));
}

/** The same of a read. */
export function readWith<Made extends { readonly name: string; readonly select: object }>(
  read: Made,
  wanted: WantedColumns,
): Made {
  return once(read, wanted, () => ({
    ...read,
    name: [read.name, 'with', ...wanted.facts].join('_'),
    select: { ...read.select, ...columnsFor(wanted) },
  }));
}

/** The columns that are wanted of such a read; undefined: all. */
export function onlyWith({ only, facts }: WantedColumns): readonly string[] | undefined {
  // The user's own connection is one of the facts.
  return only && facts.length > 0
    ? [...only, 'connection', ...facts.map((kind) => factProperty[kind])]
    : only;
}

function columnsFor({ only, facts }: WantedColumns): Readonly<Record<string, SelectedColumn>> {
  const kinds = facts.map((kind) => [factProperty[kind], factColumns[factProperty[kind]]] as const);
  return { ...(only && { nameInputs }), ...Object.fromEntries(kinds) };
}

function once<Made extends object>(plain: Made, { only, facts }: WantedColumns, make: () => Made): Made {
  if (!only && facts.length === 0) return plain;
  let known = extended.get(plain);
  if (!known) extended.set(plain, (known = new Map<string, object>()));
  const key = `${only ? 'answer' : 'row'} ${facts.join()}`;
  let made = known.get(key) as Made | undefined;
  if (!made) known.set(key, (made = make()));
  return made;
}
