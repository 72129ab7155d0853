import { domainOf } from '#src/features/users/identifiers/email-address';
import { foldOptional } from './fold-text';
import type { IdentifierKindName } from '#src/features/users/identifiers/identifier-kind';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import type { AttributeSources } from '#src/features/users/profile/attribute-sources';
import type { Profile } from '#src/features/users/profile/profile';
import type { Reach } from '#src/features/users/reach/reach';
import {
  everyColumn,
  onlyWith,
  readWith,
  selectionWith,
  type WantedColumns,
} from '#src/features/users/reach/fact-columns';
import {
  reachCondition,
  reachOfOne,
  reachParameters,
  reachText,
  type ReachParameters,
} from '#src/features/users/reach/user-reach';
import { UserEntity } from './user.entity';
import { userColumns, type UserRow } from './user-row';
import type { Instant } from '#src/shared/clock';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, Store } from '#src/storage/store';

interface Keys {
  readonly ids: readonly string[];
}

const byIds: Read<Keys, UserRow> = {
  name: 'users_by_ids',
  build: (builder, dialect) => builder.from(UserEntity, 'u').where(dialect.anyOf('u.id', ':ids')),
  select: userColumns,
};

const byIdsWithinReach: Read<Keys & ReachParameters, UserRow> = {
  name: 'users_by_ids_within_reach',
  build: (builder, dialect) =>
    builder.from(UserEntity, 'u').where(dialect.anyOf('u.id', ':ids')).andWhere(reachText),
  select: userColumns,
};

/** One user or null for each id, in the order of the ids. */
export async function findUsers(
  store: Store,
  ids: readonly string[],
  reach: Reach | null,
  wanted: WantedColumns = everyColumn,
): Promise<(UserRow | null)[]> {
  const rows = await readUsers(store, ids, reach, wanted);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
}

function readUsers(
  store: Store,
  ids: readonly string[],
  reach: Reach | null,
  wanted: WantedColumns,
): Promise<UserRow[]> {
  const only = onlyWith(wanted);
  if (reach === null) return store.read(readWith(byIds, wanted), { ids }, only);
  const parameters = reachParameters(reach);
  if (parameters !== null)
    return store.read(readWith(byIdsWithinReach, wanted), { ids, ...parameters }, only);
  const among = store.dialect.anyOf(store.column(UserEntity, 'id', 'u'), ids);
  return selectUsers(store, sql.and([among, reachOfOne(store, reach)]), sql.empty, wanted);
}

/** The user as it is now; nobody else changes it before the end of the transaction. */
export async function lockUser(store: Store, id: string, reach: Reach | null): Promise<UserRow | null> {
  const isUser = sql`${store.column(UserEntity, 'id', 'u')} = ${id}`;
  const rows = await selectUsers(store, sql.and([isUser, reachOfOne(store, reach)]), store.dialect.forUpdate);
  return rows[0] ?? null;
}

/** Users with this e-mail address, oldest first; `exact` compares with case, else the folded forms are compared. */
export function findUsersByEmail(
  store: Store,
  email: string,
  options: { readonly exact: boolean; readonly limit: number; readonly reach: Reach | null },
): Promise<UserRow[]> {
  const column = store.column(UserEntity, options.exact ? 'email' : 'emailFolded', 'u');
  const condition = sql.and([
    sql`${column} = ${options.exact ? email : foldOptional(email)}`,
    reachCondition(store, options.reach),
  ]);
  const tail = sql` ORDER BY ${store.column(UserEntity, 'createdAt', 'u')}, ${store.column(UserEntity, 'id', 'u')} LIMIT ${options.limit}`;
  return selectUsers(store, condition, tail);
}

/** Ids of users with this value in a column that is not unique by itself; at most two, which is enough to see an ambiguity. */
export async function findIdsBy(
  store: Store,
  property: 'username' | 'phoneNumber',
  value: string,
  reach: Reach | null,
): Promise<string[]> {
  const condition = sql.and([
    sql`${store.column(UserEntity, property, 'u')} = ${value}`,
    reachCondition(store, reach),
  ]);
  const rows = await selectUsers(store, condition, sql` LIMIT 2`);
  return rows.map((row) => row.id);
}

async function selectUsers(
  store: Store,
  condition: Sql,
  tail: Sql,
  wanted: WantedColumns = everyColumn,
): Promise<UserRow[]> {
  const { columns, kinds } = store.selection(selectionWith(userColumns, wanted), onlyWith(wanted));
  return store.query<UserRow>(
    sql`SELECT ${columns} FROM ${store.table(UserEntity)} ${sql.raw('"u"')} WHERE ${condition}${tail}`,
    kinds,
  );
}

/** What a new row holds beside the profile; counters and dates of logins are given only when a user is brought from elsewhere. */
export interface UserRecord extends Profile {
  readonly id: string;
  readonly connection: string;
  readonly blocked: boolean;
  readonly attributes: UserRow['attributes'];
  readonly attributeSources: AttributeSources | null;
  readonly now: Instant;
}

/** Inserts the user; false when the id exists. */
export async function insertUser(store: Store, user: UserRecord): Promise<boolean> {
  const { now, ...columns } = user;
  const inserted = await store.insert(
    UserEntity,
    {
      ...columns,
      ...foldedColumns(user),
      createdAt: now,
      updatedAt: now,
      lastLogin: null,
      lastIp: null,
      loginsCount: null,
      lastPasswordReset: null,
      multifactor: null,
      multifactorLastModified: null,
      credentialEpoch: 1,
      version: 1,
    },
    { ignoreConflicts: true },
  );
  return inserted === 1;
}

/** Copies for comparisons without case, kept beside the columns they come from. */
function foldedColumns(profile: Profile): Partial<UserEntity> {
  return {
    emailFolded: foldOptional(profile.email),
    emailDomain: profile.email === null ? null : domainOf(profile.email),
    nameFolded: foldOptional(profile.name),
    givenNameFolded: foldOptional(profile.givenName),
    familyNameFolded: foldOptional(profile.familyName),
    nicknameFolded: foldOptional(profile.nickname),
  };
}

export interface ProfileUpdate {
  readonly profile: Profile;
  readonly attributeSources: AttributeSources;
  /** Absent: they stay as they are. */
  readonly attributes?: UserRow['attributes'];
  readonly version: number;
  readonly now: Instant;
}

/** Stores the whole profile and moves the version on. */
export async function updateProfile(
  store: Store,
  id: string,
  { profile, attributeSources, attributes, version, now }: ProfileUpdate,
): Promise<void> {
  const passedOn = attributes === undefined ? {} : { attributes };
  const columns = { ...profile, ...foldedColumns(profile), ...passedOn, attributeSources };
  await store.update(UserEntity, { id }, { ...columns, version, updatedAt: now });
}

/** The connection that the user's primary identity is of. */
export async function updateOrigin(store: Store, id: string, connection: string): Promise<void> {
  await store.update(UserEntity, { id }, { connection });
}

/** Counts a sign-in, a refused one of a blocked user included; an address that is not known leaves the last one. */
export async function countLogin(
  store: Store,
  id: string,
  { now, ip }: { readonly now: Instant; readonly ip: string | null },
): Promise<void> {
  const count = sql.raw('"logins_count" = COALESCE("logins_count", 0) + 1');
  const from = ip === null ? sql.empty : sql`, "last_ip" = ${ip}`;
  await store.execute(
    sql`UPDATE ${store.table(UserEntity)} SET ${count}, "last_login" = ${now}, "updated_at" = ${now}${from} WHERE "id" = ${id}`,
  );
}

export async function updateBlocked(
  store: Store,
  id: string,
  blocked: boolean,
  version: number,
  now: Instant,
): Promise<void> {
  await store.update(UserEntity, { id }, { blocked, version, updatedAt: now });
}

/** Marks that something about the user changed which lives in another table (metadata, identities). */
export async function touchUser(store: Store, id: string, now: Instant): Promise<void> {
  await store.update(UserEntity, { id }, { updatedAt: now });
}

/** Sessions of an older epoch are over. */
export async function raiseCredentialEpoch(store: Store, id: string): Promise<void> {
  const raise = sql.raw('"credential_epoch" = "credential_epoch" + 1');
  await store.execute(sql`UPDATE ${store.table(UserEntity)} SET ${raise} WHERE ${sql.raw('"id"')} = ${id}`);
}

export interface LoginIdentifier {
  readonly connection: string;
  readonly kind: IdentifierKindName;
  /** Folded. */
  readonly value: string;
}

/** Reserves an identifier for the user; false when another user has it. */
export async function insertIdentifier(
  store: Store,
  userId: string,
  identifier: LoginIdentifier,
): Promise<boolean> {
  return (
    (await store.insert(LoginIdentifierEntity, { ...identifier, userId }, { ignoreConflicts: true })) === 1
  );
}

export async function deleteIdentifier(
  store: Store,
  userId: string,
  identifier: LoginIdentifier,
): Promise<void> {
  await store.delete(LoginIdentifierEntity, { ...identifier, userId });
}

/** Id of the user of the connection who has an identifier, or null. */
export async function findIdentifierOwner(
  store: Store,
  { connection, kind, value }: LoginIdentifier,
): Promise<string | null> {
  const column = (property: keyof LoginIdentifierEntity & string) =>
    store.column(LoginIdentifierEntity, property, 'l');
  const [row] = await store.query<{ userId: string }>(
    sql`SELECT ${column('userId')} AS "userId" FROM ${store.table(LoginIdentifierEntity)} "l"
      WHERE ${column('connection')} = ${connection} AND ${column('kind')} = ${kind} AND ${column('value')} = ${value}`,
    { userId: 'text' },
  );
  return row?.userId ?? null;
}

/** Everything by which a user is found at a sign-in of one connection. */
export async function deleteIdentifiersOf(store: Store, userId: string, connection: string): Promise<void> {
  await store.delete(LoginIdentifierEntity, { userId, connection });
}

/** Everything by which a user is found at a sign-in. */
export async function deleteIdentifiers(store: Store, userId: string): Promise<void> {
  await store.delete(LoginIdentifierEntity, { userId });
}

/** Gives identifiers that one user holds to another. */
export async function moveIdentifiers(
  store: Store,
  from: string,
  to: string,
  identifiers: readonly LoginIdentifier[],
): Promise<void> {
  for (const identifier of identifiers) {
    await store.update(LoginIdentifierEntity, { ...identifier, userId: from }, { userId: to });
  }
}
