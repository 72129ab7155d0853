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

export async function saveMigrated(store: Store, row: MigratedUserRow): Promise<void> {
  await store.upsert(MigratedUserEntity, row, ['connection', 'sourceId']);
}

const byUser: Read<{ userId: string }, MigratedUserRow> = {
  name: 'migrated_user_by_user',
  build: (builder) => builder.from(MigratedUserEntity, 'mu').where('mu.userId = :userId'),
  select: selection,
};

/** Who of a source this user is; null for somebody who did not come from one. */
export async function findMigratedUser(
  store: Store,
  connection: string,
  userId: string,
): Promise<MigratedUserRow | null> {
  return (await store.read(byUser, { userId })).find((row) => row.connection === connection) ?? null;
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

export async function findConnectionOfUser(store: Store, id: string): Promise<string | null> {
  return (await findKnownUser(store, id))?.connection ?? null;
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
