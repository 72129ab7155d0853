import { BlacklistEntryEntity } from '#src/features/attribute-rules/blacklist-entry.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

export type BlacklistScope = BlacklistEntryEntity['scope'];

/** One list: the tenant's has the empty id. */
export interface BlacklistKey {
  readonly scope: BlacklistScope;
  readonly scopeId: string;
}

const nameSelection = columnsOf(BlacklistEntryEntity, 'be', ['name']);

const namesOfList: Read<{ scope: string; scopeId: string }, { readonly name: string }> = {
  name: 'blacklist_names',
  build: (builder) =>
    builder
      .from(BlacklistEntryEntity, 'be')
      .where('be.scope = :scope')
      .andWhere('be.scopeId = :scopeId')
      .orderBy('be.name'),
  select: nameSelection,
};

/** The names of one list, in order. */
export async function findBlacklist(store: Store, { scope, scopeId }: BlacklistKey): Promise<string[]> {
  const rows = await store.read(namesOfList, { scope, scopeId });
  return rows.map(({ name }) => name);
}

/** The names of several lists united, in order. */
export async function findUnitedBlacklist(store: Store, keys: readonly BlacklistKey[]): Promise<string[]> {
  const at = (property: keyof BlacklistEntryEntity & string): Sql =>
    store.column(BlacklistEntryEntity, property, 'be');
  const lists = keys.map(
    ({ scope, scopeId }) => sql`${at('scope')} = ${scope} AND ${at('scopeId')} = ${scopeId}`,
  );
  const rows = await store.query<{ name: string }>(
    sql`SELECT DISTINCT ${at('name')} AS "name" FROM ${store.table(BlacklistEntryEntity)} AS be
      WHERE ${sql.or(lists)} ORDER BY 1`,
    { name: 'text' },
  );
  return rows.map(({ name }) => name);
}

export async function insertBlacklistEntries(
  store: Store,
  { scope, scopeId }: BlacklistKey,
  names: readonly string[],
  by: { readonly createdAt: number; readonly createdBy: string },
): Promise<void> {
  const rows = names.map((name) => ({ scope, scopeId, name, ...by }));
  if (rows.length > 0) await store.insert(BlacklistEntryEntity, rows, { ignoreConflicts: true });
}

export async function deleteBlacklistEntries(
  store: Store,
  { scope, scopeId }: BlacklistKey,
  names: readonly string[],
): Promise<void> {
  if (names.length > 0) await store.delete(BlacklistEntryEntity, { scope, scopeId, name: names });
}

const connectionSelection = columnsOf(ConnectionEntity, 'c', ['id', 'name', 'strategy', 'options']);
export type ConnectionFactsRow = RowOf<typeof connectionSelection>;

const connectionByKey: Read<{ key: string }, ConnectionFactsRow> = {
  name: 'connection_by_id_or_name',
  build: (builder) => builder.from(ConnectionEntity, 'c').where('(c.id = :key OR c.name = :key)'),
  select: connectionSelection,
};

/** The connection with this id or, as scopes of rules name it, this name. */
export async function findConnection(store: Store, key: string): Promise<ConnectionFactsRow | null> {
  const rows = await store.read(connectionByKey, { key });
  return rows.find(({ id }) => id === key) ?? rows[0] ?? null;
}

const connectionsOfStrategy: Read<{ strategy: string }, ConnectionFactsRow> = {
  name: 'connections_of_strategy',
  build: (builder) => builder.from(ConnectionEntity, 'c').where('c.strategy = :strategy'),
  select: connectionSelection,
};

export function findConnectionsOfStrategy(store: Store, strategy: string): Promise<ConnectionFactsRow[]> {
  return store.read(connectionsOfStrategy, { strategy });
}

const connectionMappings: Read<object, ConnectionFactsRow> = {
  name: 'connection_mappings',
  build: (builder) => builder.from(ConnectionEntity, 'c').orderBy('c.name'),
  select: connectionSelection,
};

/** Every connection with what says how its claims are named. */
export function findConnectionMappings(store: Store): Promise<ConnectionFactsRow[]> {
  return store.read(connectionMappings, {});
}

export async function organizationExists(store: Store, id: string): Promise<boolean> {
  const column = store.column(OrganizationEntity, 'id', 'o');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${column} AS "id" FROM ${store.table(OrganizationEntity)} AS o WHERE ${column} = ${id}`,
    { id: 'text' },
  );
  return rows.length > 0;
}
