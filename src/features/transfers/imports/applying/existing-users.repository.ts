import { IdentityEntity } from '#src/features/identities/identity.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { userColumns } from '#src/features/users/user-row';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

export type IdentifierKind = LoginIdentifierEntity['kind'];

const byIdentifiers: Read<
  { connection: string; kind: IdentifierKind; values: readonly string[] },
  { readonly value: string; readonly userId: string }
> = {
  name: 'import_identifiers',
  build: (builder, dialect) =>
    builder
      .from(LoginIdentifierEntity, 'li')
      .where('li.connection = :connection')
      .andWhere('li.kind = :kind')
      .andWhere(dialect.anyOf('li.value', ':values')),
  select: columnsOf(LoginIdentifierEntity, 'li', ['value', 'userId']),
};

/** The users of a connection that have these identifiers (folded), by value. */
export async function findIdentifiers(
  store: Store,
  connection: string,
  kind: IdentifierKind,
  values: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (values.length === 0) return new Map();
  const rows = await store.read(byIdentifiers, { connection, kind, values });
  return new Map(rows.map(({ value, userId }) => [value, userId]));
}

const existing: Read<{ ids: readonly string[] }, { readonly id: string }> = {
  name: 'import_existing_users',
  build: (builder, dialect) => builder.from(UserEntity, 'u').where(dialect.anyOf('u.id', ':ids')),
  select: columnsOf(UserEntity, 'u', ['id']),
};

/** Those of the ids that users have. */
export async function findTakenIds(store: Store, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  return new Set((await store.read(existing, { ids })).map(({ id }) => id));
}

const storedColumns = {
  ...userColumns,
  ...columnsOf(UserEntity, 'u', ['attributeSources', 'credentialEpoch']),
};
export type StoredUser = RowOf<typeof storedColumns>;

/** The users, locked to the end of the transaction, by id. */
export async function lockUsers(
  store: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredUser>> {
  if (ids.length === 0) return new Map();
  const { columns, kinds } = store.selection(storedColumns);
  const rows = await store.query<StoredUser>(
    sql`SELECT ${columns} FROM ${store.table(UserEntity)} AS u
      WHERE ${store.dialect.anyOf(store.column(UserEntity, 'id', 'u'), ids)}${store.dialect.forUpdate}`,
    kinds,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

const identities: Read<
  { values: readonly string[] },
  { readonly connection: string; readonly providerUserId: string; readonly userId: string }
> = {
  name: 'import_identities',
  build: (builder, dialect) =>
    builder.from(IdentityEntity, 'i').where(dialect.anyOf('i.providerUserId', ':values')),
  select: columnsOf(IdentityEntity, 'i', ['connection', 'providerUserId', 'userId']),
};

/** Owners of identities, by connection and id at the provider. */
export async function findIdentityOwners(
  store: Store,
  providerUserIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (providerUserIds.length === 0) return new Map();
  const rows = await store.read(identities, { values: providerUserIds });
  return new Map(rows.map((row) => [identityKey(row.connection, row.providerUserId), row.userId]));
}

export function identityKey(connection: string, providerUserId: string): string {
  return `${connection}\u0000${providerUserId}`;
}

/** Ids of the roles of the whole deployment, by folded name. */
export async function findRoleIds(
  store: Store,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const at = (property: keyof RoleEntity & string): Sql => store.column(RoleEntity, property, 'r');
  const rows = await store.query<{ id: string; name: string }>(
    sql`SELECT ${at('id')} AS "id", ${at('nameFolded')} AS "name" FROM ${store.table(RoleEntity)} AS r
      WHERE ${at('type')} = ${'TENANT'} AND ${store.dialect.anyOf(at('nameFolded'), names)}`,
    { id: 'text', name: 'text' },
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/** Ids of organizations by name. */
export async function findOrganizationIds(
  store: Store,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const at = (property: keyof OrganizationEntity & string): Sql =>
    store.column(OrganizationEntity, property, 'o');
  const rows = await store.query<{ id: string; name: string }>(
    sql`SELECT ${at('id')} AS "id", ${at('name')} AS "name" FROM ${store.table(OrganizationEntity)} AS o
      WHERE ${store.dialect.anyOf(at('name'), names)}`,
    { id: 'text', name: 'text' },
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/** Which connections there are, of those named. */
export async function findConnectionNames(
  store: Store,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const column = store.column(ConnectionEntity, 'name', 'c');
  const rows = await store.query<{ name: string }>(
    sql`SELECT ${column} AS "name" FROM ${store.table(ConnectionEntity)} AS c WHERE ${store.dialect.anyOf(column, names)}`,
    { name: 'text' },
  );
  return new Set(rows.map(({ name }) => name));
}

/** Users whose `app_metadata.external_id` is one of the texts, of this connection. */
export async function findByExternalId(
  store: Store,
  connection: string,
  values: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (values.length === 0) return new Map();
  const leaf = (property: keyof MetadataLeafEntity & string): Sql =>
    store.column(MetadataLeafEntity, property, 'ml');
  const rows = await store.query<{ value: string; userId: string }>(
    sql`SELECT ${leaf('textValue')} AS "value", ${leaf('userId')} AS "userId"
      FROM ${store.table(MetadataLeafEntity)} AS ml
      JOIN ${store.table(UserEntity)} AS u ON ${store.column(UserEntity, 'id', 'u')} = ${leaf('userId')}
      WHERE ${leaf('store')} = ${'app'} AND ${leaf('path')} = ${'external_id'} AND ${leaf('kind')} = ${'text'}
        AND ${store.dialect.anyOf(leaf('textValue'), values)}
        AND ${store.column(UserEntity, 'connection', 'u')} = ${connection}`,
    { value: 'text', userId: 'text' },
  );
  return new Map(rows.map(({ value, userId }) => [value, userId]));
}

const metadataColumns = columnsOf(MetadataEntity, 'md', [
  'userId',
  'userJson',
  'appJson',
  'bytes',
  'version',
  'updatedAt',
]);
export type StoredMetadata = RowOf<typeof metadataColumns>;

const metadataOf: Read<{ ids: readonly string[] }, StoredMetadata> = {
  name: 'import_metadata',
  build: (builder, dialect) => builder.from(MetadataEntity, 'md').where(dialect.anyOf('md.userId', ':ids')),
  select: metadataColumns,
};

export async function findStoredMetadata(
  store: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredMetadata>> {
  if (ids.length === 0) return new Map();
  return new Map((await store.read(metadataOf, { ids })).map((row) => [row.userId, row]));
}
