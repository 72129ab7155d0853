import { ConnectionEntity } from './connection.entity';
import type { Instant } from '#src/shared/clock';
import type { Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { readPage, type PageRead } from '#src/storage/page';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

export const connectionColumns = columnsOf(ConnectionEntity, 'c', [
  'id',
  'name',
  'strategy',
  'displayName',
  'isEnabled',
  'options',
  'createdAt',
  'updatedAt',
]);

export type ConnectionRow = RowOf<typeof connectionColumns>;

const byNames: Read<{ readonly names: readonly string[] }, ConnectionRow> = {
  name: 'connections_by_names',
  build: (builder, dialect) => builder.from(ConnectionEntity, 'c').where(dialect.anyOf('c.name', ':names')),
  select: connectionColumns,
};

const byIds: Read<{ readonly ids: readonly string[] }, ConnectionRow> = {
  name: 'connections_by_ids',
  build: (builder, dialect) => builder.from(ConnectionEntity, 'c').where(dialect.anyOf('c.id', ':ids')),
  select: connectionColumns,
};

const all: PageRead<object, ConnectionRow> = {
  name: 'connections_page',
  order: 'connections:name',
  build: (builder) => builder.from(ConnectionEntity, 'c'),
  select: connectionColumns,
  keys: [{ column: 'c.name', direction: 'asc', of: (row) => row.name }],
};

/** All connections, by name. */
export function findConnectionPage(store: Store, page: PageArguments): Promise<Page<ConnectionRow>> {
  return readPage(store, all, {}, page);
}

export async function countConnections(store: Store): Promise<number> {
  const statement = sql`SELECT COUNT(*) AS "count" FROM ${store.table(ConnectionEntity)}`;
  return (await store.query<{ count: number }>(statement, { count: 'integer' }))[0]?.count ?? 0;
}

export function findConnectionsByName(store: Store, names: readonly string[]): Promise<ConnectionRow[]> {
  return store.read(byNames, { names });
}

export async function findConnections(
  store: Store,
  ids: readonly string[],
): Promise<(ConnectionRow | null)[]> {
  const rows = new Map((await store.read(byIds, { ids })).map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}

export interface NewConnection {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly displayName: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly now: Instant;
}

/** Inserts the connection unless its name is taken; answers whether it did. */
export async function insertConnection(
  store: Store,
  { now, ...connection }: NewConnection,
): Promise<boolean> {
  const row = { ...connection, isEnabled: true, createdAt: now, updatedAt: now };
  const isNew = (await store.insert(ConnectionEntity, row, { ignoreConflicts: true })) === 1;
  // The blacklist in force knows the claims of every connection. The table belongs to a later feature, so it is named by text.
  if (isNew)
    await store.execute(sql.raw('UPDATE "policy_state" SET "version" = "version" + 1 WHERE "id" = 1'));
  return isNew;
}
