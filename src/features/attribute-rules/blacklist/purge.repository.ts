import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { profileLeafRows } from '#src/features/identities/profile-leaves';
import type { Leaf } from '#src/features/metadata/flatten';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MetadataUniqueValueEntity } from '#src/features/metadata/schema/metadata-unique-value.entity';
import type { BlacklistScope } from '#src/features/attribute-rules/blacklist/blacklist.repository';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';

/** Which columns of a user hold a root attribute: the value itself and the copies made of it for searches. */
export const purgeableColumns: ReadonlyMap<string, readonly (keyof UserEntity & string)[]> = new Map([
  ['email', ['email', 'emailFolded', 'emailDomain']],
  ['email_verified', ['emailVerified']],
  ['username', ['username']],
  ['phone_number', ['phoneNumber']],
  ['phone_verified', ['phoneVerified']],
  ['name', ['name', 'nameFolded']],
  ['given_name', ['givenName', 'givenNameFolded']],
  ['family_name', ['familyName', 'familyNameFolded']],
  ['nickname', ['nickname', 'nicknameFolded']],
  ['picture', ['picture']],
  ['last_ip', ['lastIp']],
  ['last_password_reset', ['lastPasswordReset']],
  ['multifactor', ['multifactor']],
  ['multifactor_last_modified', ['multifactorLastModified']],
]);

/** Identifiers are kept a second time, folded, for signing in. */
const identifierKinds: ReadonlyMap<string, string> = new Map([
  ['email', 'email'],
  ['username', 'username'],
  ['phone_number', 'phone'],
]);

export interface PurgeUserRow {
  readonly id: string;
  /** Name of the primary identity's connection. */
  readonly connection: string;
  readonly attributes: Record<string, unknown> | null;
  /** Whether any of the columns to empty that identify nobody holds a value. */
  readonly hasColumn: boolean;
  /** Whether any of the others does. */
  readonly hasIdentifier: boolean;
}

/** Whether a root attribute is one that people sign in with. */
export const isIdentifier = (column: string): boolean => identifierKinds.has(column);

/** Whose values are removed: everybody's, or those of the users of connections or organizations. */
export interface PurgeReach {
  readonly scope: BlacklistScope;
  readonly scopeIds: readonly string[];
}

/** The next so many users behind an id, or those among some. */
export type PurgeRange =
  { readonly after: string; readonly limit: number } | { readonly among: readonly string[] };

/** Users whom a list concerns, by id; nobody else changes them before the end of the transaction. */
export function lockUsersToPurge(
  store: Store,
  reach: PurgeReach,
  columns: readonly string[],
  range: PurgeRange,
): Promise<PurgeUserRow[]> {
  const at = (property: keyof UserEntity & string): Sql => store.column(UserEntity, property, 'u');
  const held = (names: readonly string[]): Sql =>
    sql.or(
      names
        .flatMap((name) => purgeableColumns.get(name) ?? [])
        .map((property) => sql`${at(property)} IS NOT NULL`),
    );
  const within =
    'among' in range ? store.dialect.anyOf(at('id'), range.among) : sql`${at('id')} > ${range.after}`;
  const limit = 'among' in range ? range.among.length : range.limit;
  return store.query<PurgeUserRow>(
    sql`SELECT ${at('id')} AS "id", ${at('connection')} AS "connection", ${at('attributes')} AS "attributes",
        ${held(columns.filter((name) => !isIdentifier(name)))} AS "hasColumn", ${held(columns.filter(isIdentifier))} AS "hasIdentifier"
      FROM ${store.table(UserEntity)} AS u
      WHERE ${sql.and([within, concerned(store, reach)])}
      ORDER BY ${at('id')} LIMIT ${limit}${store.dialect.forUpdate}`,
    { id: 'text', connection: 'text', attributes: 'json', hasColumn: 'boolean', hasIdentifier: 'boolean' },
  );
}

function concerned(store: Store, { scope, scopeIds }: PurgeReach): Sql | null {
  const user = store.column(UserEntity, 'id', 'u');
  const among = (column: Sql): Sql => store.dialect.anyOf(column, scopeIds);
  if (scope === 'TENANT') return null;
  if (scope === 'ORGANIZATION') {
    return sql`EXISTS (SELECT 1 FROM ${store.table(MembershipEntity)} AS m
      WHERE ${store.column(MembershipEntity, 'userId', 'm')} = ${user}
        AND ${among(store.column(MembershipEntity, 'organizationId', 'm'))})`;
  }
  return sql`(${among(store.column(UserEntity, 'connection', 'u'))} OR EXISTS (
    SELECT 1 FROM ${store.table(IdentityEntity)} AS i
      WHERE ${store.column(IdentityEntity, 'userId', 'i')} = ${user}
        AND ${among(store.column(IdentityEntity, 'connection', 'i'))}))`;
}

/** Empties columns of users, and forgets the identifiers among them: for lists of connections, those of these connections. */
export async function clearColumns(
  store: Store,
  { scope, scopeIds }: PurgeReach,
  userIds: readonly string[],
  columns: readonly string[],
): Promise<void> {
  const properties = columns.flatMap((name) => purgeableColumns.get(name) ?? []);
  const empty = Object.fromEntries(properties.map((property) => [property, null])) as Partial<UserEntity>;
  await store.update(UserEntity, { id: userIds }, empty);
  const kinds = columns.flatMap((name) => identifierKinds.get(name) ?? []);
  if (kinds.length > 0) {
    await store.delete(LoginIdentifierEntity, {
      userId: userIds,
      ...(scope === 'CONNECTION' ? { connection: scopeIds } : {}),
      kind: kinds as LoginIdentifierEntity['kind'][],
    });
  }
}

export async function saveAttributes(
  store: Store,
  userId: string,
  attributes: Record<string, unknown>,
): Promise<void> {
  await store.update(UserEntity, { id: userId }, { attributes });
}

/** Something of these users changed. */
export async function touchUsers(store: Store, userIds: readonly string[], now: number): Promise<void> {
  const set = sql.raw('"version" = "version" + 1, "updated_at"');
  const among = store.dialect.anyOf(sql.raw('"id"'), userIds);
  await store.execute(sql`UPDATE ${store.table(UserEntity)} SET ${set} = ${now} WHERE ${among}`);
}

const identitySelection = columnsOf(IdentityEntity, 'i', ['id', 'userId', 'profileData']);
export type ProfileDataRow = RowOf<typeof identitySelection>;

/** What providers said of these users; for lists of connections, those connections alone. */
export function findProfileData(
  store: Store,
  { scope, scopeIds }: PurgeReach,
  userIds: readonly string[],
): Promise<ProfileDataRow[]> {
  const at = (property: keyof IdentityEntity & string): Sql => store.column(IdentityEntity, property, 'i');
  const { columns, kinds } = store.selection(identitySelection);
  const condition = sql.and([
    store.dialect.anyOf(at('userId'), userIds),
    sql`${at('profileData')} IS NOT NULL`,
    scope === 'CONNECTION' ? store.dialect.anyOf(at('connection'), scopeIds) : null,
  ]);
  return store.query<ProfileDataRow>(
    sql`SELECT ${columns} FROM ${store.table(IdentityEntity)} AS i WHERE ${condition}`,
    kinds,
  );
}

export async function saveProfileData(
  store: Store,
  { id, userId }: ProfileDataRow,
  profileData: Record<string, unknown>,
): Promise<void> {
  await store.update(IdentityEntity, { id }, { profileData });
  await store.delete(ProfileLeafEntity, { identityId: id });
  const leaves = profileLeafRows({ id, userId }, profileData);
  if (leaves.length > 0) await store.insert(ProfileLeafEntity, leaves);
}

const metadataSelection = columnsOf(MetadataEntity, 'md', ['userId', 'userJson', 'appJson', 'version']);
export type PurgeMetadataRow = RowOf<typeof metadataSelection>;

export function findMetadataToPurge(store: Store, userIds: readonly string[]): Promise<PurgeMetadataRow[]> {
  const { columns, kinds } = store.selection(metadataSelection);
  const among = store.dialect.anyOf(store.column(MetadataEntity, 'userId', 'md'), userIds);
  return store.query<PurgeMetadataRow>(
    sql`SELECT ${columns} FROM ${store.table(MetadataEntity)} AS md WHERE ${among}`,
    kinds,
  );
}

export async function saveMetadata(
  store: Store,
  userId: string,
  set: Pick<MetadataEntity, 'userJson' | 'appJson' | 'bytes' | 'version' | 'updatedAt'>,
  removed: { readonly user: readonly Leaf[]; readonly app: readonly Leaf[] },
): Promise<void> {
  await store.update(MetadataEntity, { userId }, set);
  for (const name of ['user', 'app'] as const) {
    const paths = [...new Set(removed[name].map((leaf) => leaf.path))];
    if (paths.length === 0) continue;
    await store.delete(MetadataLeafEntity, { userId, store: name, path: paths });
    await store.delete(MetadataUniqueValueEntity, { userId, store: name, path: paths });
  }
}

const discardedSelection = columnsOf(IdentityEntity, 'i', ['id', 'userId', 'discardedMetadata']);

/** The metadata that linking took out of use and that stays beside identities of these users. */
export function findDiscardedToPurge(
  store: Store,
  userIds: readonly string[],
): Promise<RowOf<typeof discardedSelection>[]> {
  const { columns, kinds } = store.selection(discardedSelection);
  const at = (property: keyof IdentityEntity & string): Sql => store.column(IdentityEntity, property, 'i');
  const condition = sql.and([
    store.dialect.anyOf(at('userId'), userIds),
    sql`${at('discardedMetadata')} IS NOT NULL`,
  ]);
  return store.query(
    sql`SELECT ${columns} FROM ${store.table(IdentityEntity)} AS i WHERE ${condition}`,
    kinds,
  );
}

export async function saveDiscarded(
  store: Store,
  id: string,
  discardedMetadata: Record<string, unknown>,
): Promise<void> {
  await store.update(IdentityEntity, { id }, { discardedMetadata });
}
