import { PasswordEntity } from '#src/features/passwords/password.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { MigratedUserEntity } from './migrated-user.entity';

const selection = columnsOf(MigratedUserEntity, 'mu', [
  'connection',
  'sourceId',
  'userId',
  'cause',
  'migratedAt',
  'deletedAt',
]);
export type MigratedUserRow = RowOf<typeof selection>;

const bySource: Read<{ connection: string; sourceId: string }, MigratedUserRow> = {
  name: 'migrated_user_by_source',
  build: (builder) =>
    builder
      .from(MigratedUserEntity, 'mu')
      .where('mu.connection = :connection')
      .andWhere('mu.sourceId = :sourceId'),
  select: selection,
};

export async function findMigrated(
  store: Store,
  connection: string,
  sourceId: string,
): Promise<MigratedUserRow | null> {
  return (await store.read(bySource, { connection, sourceId }))[0] ?? null;
}

const among: Read<{ connection: string; sourceIds: readonly string[] }, MigratedUserRow> = {
  name: 'migrated_users_by_sources',
  build: (builder, dialect) =>
    builder
      .from(MigratedUserEntity, 'mu')
      .where('mu.connection = :connection')
      .andWhere(dialect.anyOf('mu.sourceId', ':sourceIds')),
  select: selection,
};

/** Those of these ids at a source who are known here, in no order. */
export function findMigratedAmong(
  store: Store,
  connection: string,
  sourceIds: readonly string[],
): Promise<MigratedUserRow[]> {
  return store.read(among, { connection, sourceIds });
}

export async function saveMigrated(
  store: Store,
  rows: MigratedUserRow | readonly MigratedUserRow[],
): Promise<void> {
  await store.upsert(MigratedUserEntity, rows, ['connection', 'sourceId']);
}

const byUsers: Read<{ userIds: readonly string[] }, MigratedUserRow> = {
  name: 'migrated_users_by_users',
  build: (builder, dialect) =>
    builder.from(MigratedUserEntity, 'mu').where(dialect.anyOf('mu.userId', ':userIds')),
  select: selection,
};

/** Who of a source these users are, in no order; without those who did not come from one. */
export async function findMigratedUsers(
  store: Store,
  connection: string,
  userIds: readonly string[],
): Promise<MigratedUserRow[]> {
  return (await store.read(byUsers, { userIds })).filter((row) => row.connection === connection);
}

/** Who of a source this user is; null for somebody who did not come from one. */
export async function findMigratedUser(
  store: Store,
  connection: string,
  userId: string,
): Promise<MigratedUserRow | null> {
  return (await findMigratedUsers(store, connection, [userId]))[0] ?? null;
}

/** What a source knows a user by. */
export interface KnownUser {
  readonly connection: string;
  readonly email: string | null;
  readonly username: string | null;
  readonly phoneNumber: string | null;
}

const knownUser: Read<{ id: string }, KnownUser> = {
  name: 'user_as_known_to_source',
  build: (builder) => builder.from(UserEntity, 'u').where('u.id = :id'),
  select: columnsOf(UserEntity, 'u', ['connection', 'email', 'username', 'phoneNumber']),
};

export async function findKnownUser(store: Store, id: string): Promise<KnownUser | null> {
  return (await store.read(knownUser, { id }))[0] ?? null;
}

const originColumns = columnsOf(UserEntity, 'u', ['id', 'connection']);

const origins: Read<{ ids: readonly string[] }, RowOf<typeof originColumns>> = {
  name: 'origins_of_users',
  build: (builder, dialect) => builder.from(UserEntity, 'u').where(dialect.anyOf('u.id', ':ids')),
  select: originColumns,
};

/** Those of the users who are there, under the connection that each is of. */
export async function findUsersByConnection(
  store: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const { id, connection } of await store.read(origins, { ids })) {
    const others = found.get(connection);
    if (others) others.push(id);
    else found.set(connection, [id]);
  }
  return found;
}

/** How far the move of a connection has come. */
export interface MoveCounts {
  readonly migrated: number;
  readonly deleted: number;
  /** Users of the connection who have no password here. */
  readonly withoutPassword: number;
  /** Users who have not signed in since they came with the hash of another system. */
  readonly importedHashes: number;
}

export async function countMove(store: Store, connection: string): Promise<MoveCounts> {
  const users = store.table(UserEntity);
  const passwords = store.table(PasswordEntity);
  const moved = store.table(MigratedUserEntity);
  const hash = store.column(PasswordEntity, 'hash', 'p');
  const begins = (mark: string): Sql => store.dialect.prefix(hash, mark);
  const imported = sql`(${begins('$imported$')} OR ${begins('{"kind":')})`;
  const [row] = await store.query<MoveCounts>(
    sql`SELECT
      (SELECT COUNT(*) FROM ${moved} AS m WHERE m.connection = ${connection} AND m.user_id IS NOT NULL) AS "migrated",
      (SELECT COUNT(*) FROM ${moved} AS m WHERE m.connection = ${connection} AND m.user_id IS NULL) AS "deleted",
      (SELECT COUNT(*) FROM ${users} AS u WHERE u.connection = ${connection}
        AND NOT EXISTS (SELECT 1 FROM ${passwords} AS p WHERE p.user_id = u.id)) AS "withoutPassword",
      (SELECT COUNT(*) FROM ${passwords} AS p JOIN ${users} AS u ON u.id = p.user_id
        WHERE u.connection = ${connection} AND ${imported}) AS "importedHashes"`,
    { migrated: 'integer', deleted: 'integer', withoutPassword: 'integer', importedHashes: 'integer' },
  );
  return row ?? { migrated: 0, deleted: 0, withoutPassword: 0, importedHashes: 0 };
}
