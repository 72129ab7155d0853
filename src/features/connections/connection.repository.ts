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
  'deletingAt',
  'createdAt',
  'updatedAt',
  'version',
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

/** Links of organizations belong to a later feature, so their table is named by text. */
const isLinked =
  'EXISTS (SELECT 1 FROM "organization_connections" "oc" WHERE "oc"."connection_id" = c.id AND "oc"."organization_id" = :organizationId)';

interface Within {
  readonly organizationId: string;
}

const byIdsWithin: Read<Within & { readonly ids: readonly string[] }, ConnectionRow> = {
  name: 'connections_by_ids_of_organization',
  build: (builder, dialect) =>
    builder.from(ConnectionEntity, 'c').where(dialect.anyOf('c.id', ':ids')).andWhere(isLinked),
  select: connectionColumns,
};

const allWithin: PageRead<Within, ConnectionRow> = {
  name: 'connections_page_of_organization',
  order: 'connections:name',
  build: (builder) => builder.from(ConnectionEntity, 'c').where(isLinked),
  select: connectionColumns,
  keys: [{ column: 'c.name', direction: 'asc', of: (row) => row.name }],
};

const enabled: Read<object, ConnectionRow> = {
  name: 'enabled_connections',
  build: (builder) => builder.from(ConnectionEntity, 'c').where('c.isEnabled = TRUE').orderBy('c.name'),
  select: connectionColumns,
};

export function findEnabledConnections(store: Store): Promise<ConnectionRow[]> {
  return store.read(enabled, {});
}

/** The connections that are linked to an organization, or all of them (null), by name. */
export function findConnectionPage(
  store: Store,
  organizationId: string | null,
  page: PageArguments,
): Promise<Page<ConnectionRow>> {
  return organizationId === null
    ? readPage(store, all, {}, page)
    : readPage(store, allWithin, { organizationId }, page);
}

export async function countConnections(store: Store, organizationId: string | null): Promise<number> {
  const statement =
    organizationId === null
      ? sql`SELECT COUNT(*) AS "count" FROM ${store.table(ConnectionEntity)}`
      : sql`SELECT COUNT(*) AS "count" FROM "organization_connections" WHERE "organization_id" = ${organizationId}`;
  return (await store.query<{ count: number }>(statement, { count: 'integer' }))[0]?.count ?? 0;
}

export function findConnectionsByName(store: Store, names: readonly string[]): Promise<ConnectionRow[]> {
  return store.read(byNames, { names });
}

/** `organizationId`: only those that are linked to it. */
export async function findConnections(
  store: Store,
  ids: readonly string[],
  organizationId: string | null = null,
): Promise<(ConnectionRow | null)[]> {
  const found =
    organizationId === null
      ? await store.read(byIds, { ids })
      : await store.read(byIdsWithin, { ids, organizationId });
  const rows = new Map(found.map((row) => [row.id, row]));
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
  const row = {
    ...connection,
    isEnabled: true,
    deletingAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  const isNew = (await store.insert(ConnectionEntity, row, { ignoreConflicts: true })) === 1;
  if (isNew) await raisePolicy(store);
  return isNew;
}

/** The blacklist in force knows the claims of every connection. The table belongs to a later feature, so it is named by text. */
async function raisePolicy(store: Store): Promise<void> {
  await store.execute(sql.raw('UPDATE "policy_state" SET "version" = "version" + 1 WHERE "id" = 1'));
}

/** The connection as it is now; nobody else changes it before the end of the transaction. */
export async function lockConnection(store: Store, id: string): Promise<ConnectionRow | null> {
  const { columns, kinds } = store.selection(connectionColumns);
  const [row] = await store.query<ConnectionRow>(
    sql`SELECT ${columns} FROM ${store.table(ConnectionEntity)} AS c
      WHERE ${store.column(ConnectionEntity, 'id', 'c')} = ${id}${store.dialect.forUpdate}`,
    kinds,
  );
  return row ?? null;
}

export async function updateConnection(
  store: Store,
  id: string,
  set: Partial<ConnectionEntity>,
): Promise<void> {
  await store.update(ConnectionEntity, { id }, set);
  await raisePolicy(store);
}

export async function deleteConnection(store: Store, id: string): Promise<void> {
  await store.delete(ConnectionEntity, { id });
  await raisePolicy(store);
}

/** Whether a user or an identity names the connection. Their tables belong to later features, so they are named by text. */
export async function isConnectionUsed(store: Store, name: string): Promise<boolean> {
  const uses = ['users', 'identities'].map(
    (table) => sql`SELECT 1 AS "one" FROM ${sql.raw(table)} WHERE connection = ${name}`,
  );
  const rows = await Promise.all(
    uses.map((use) => store.query<{ one: number }>(sql`${use} LIMIT 1`, { one: 'integer' })),
  );
  return rows.some((found) => found.length > 0);
}
