import { stat } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { silentLogger } from '#src/shared/logger';
import { postgresMigrations, sqliteMigrations } from '#src/storage/migrations/all-migrations';
import { checkNotNewer, pendingOf, type MigrationClass } from '#src/storage/migrations/check-applied';
import * as server from '#src/storage/postgres/data-source';
import * as file from '#src/storage/sqlite/data-source';
import { databaseKind, knownEntities, storageDefaults } from '#src/storage/storage';

/** A connected data source, and how to ask it and lock it. */
interface MigrationTarget {
  readonly dataSource: DataSource;
  readonly migrations: readonly MigrationClass[];
  /** Whether each migration has a transaction of its own, or `alone` already is one. */
  readonly transaction: 'each' | 'none';
  applied(): Promise<string[]>;
  /** Runs the work while no other program migrates. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Brings the database to this version; answers the names of the migrations applied now. A failing one leaves no trace. */
export function migrate(url: string): Promise<string[]> {
  return withTarget(url, (target) =>
    target.alone(async () => {
      checkNotNewer(await target.applied(), target.migrations);
      const done = await target.dataSource.runMigrations({ transaction: target.transaction });
      return done.map((migration) => migration.name);
    }),
  );
}

/** Takes the last migration back; answers its name, or null when there is none. */
export function revert(url: string): Promise<string | null> {
  return withTarget(url, (target) =>
    target.alone(async () => {
      const applied = await target.applied();
      checkNotNewer(applied, target.migrations);
      if (applied.length === 0) return null;
      await target.dataSource.undoLastMigration({ transaction: target.transaction });
      return applied.at(-1) ?? null;
    }),
  );
}

/** Names of the migrations that `migrate` would apply. Makes no file. */
export async function pendingMigrations(url: string): Promise<string[]> {
  if (databaseKind(url) === 'file' && (await stat(file.filePath(url)).catch(() => null)) === null) {
    return pendingOf([], sqliteMigrations);
  }
  return withTarget(url, async (target) => {
    const applied = await target.applied();
    checkNotNewer(applied, target.migrations);
    return pendingOf(applied, target.migrations);
  });
}

/** A data source that may migrate; not quiet for TypeORM's own command line, which prints through its logger. */
export function migrationDataSource(url: string, isQuiet = false): DataSource {
  const entities = knownEntities();
  if (databaseKind(url) === 'file') {
    return file.sqliteDataSource({ path: file.filePath(url), readOnly: false, entities, isQuiet });
  }
  const settings = { ...storageDefaults, url, poolSize: 2 };
  const logger = silentLogger;
  return server.postgresDataSource({ settings, entities, logger, isQuiet, readOnlyByDefault: false });
}

async function withTarget<Result>(
  url: string,
  work: (target: MigrationTarget) => Promise<Result>,
): Promise<Result> {
  const dataSource = migrationDataSource(url, true);
  try {
    const isFile = databaseKind(url) === 'file';
    return await work(isFile ? await fileTarget(dataSource, url) : await serverTarget(dataSource, url));
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function fileTarget(dataSource: DataSource, url: string): Promise<MigrationTarget> {
  const path = file.filePath(url);
  await file.prepareFolder(path);
  const database = await file.initialize(dataSource, path);
  const applied = (): Promise<string[]> => file.appliedMigrations(dataSource);
  try {
    await file.rawAll(database, `PRAGMA busy_timeout = ${storageDefaults.busyTimeoutMs}`);
    await file.rawAll(database, 'PRAGMA journal_mode = WAL');
    await applied();
  } catch (error) {
    throw file.openingError(error, path);
  }
  return {
    dataSource,
    migrations: sqliteMigrations,
    transaction: 'none',
    applied,
    async alone(work) {
      // Rebuilding a table needs foreign keys off, which can only be said outside a transaction; they are checked before the end.
      await file.rawAll(database, 'PRAGMA foreign_keys = OFF');
      try {
        await file.rawAll(database, 'BEGIN IMMEDIATE');
      } catch (error) {
        throw file.openingError(error, path);
      }
      try {
        const result = await work();
        const broken = await file.rawAll(database, 'PRAGMA foreign_key_check');
        if (broken.length > 0)
          throw new Error(`The migration broke ${broken.length} references between rows.`);
        await file.rawAll(database, 'COMMIT');
        return result;
      } catch (error) {
        await file.rawAll(database, 'ROLLBACK');
        throw error;
      }
    },
  };
}

async function serverTarget(dataSource: DataSource, url: string): Promise<MigrationTarget> {
  const pool = await server.initialize(dataSource, url);
  return {
    dataSource,
    migrations: postgresMigrations,
    transaction: 'each',
    applied: () => server.appliedMigrations(pool),
    async alone(work) {
      const client = await pool.connect();
      try {
        // Waits for another node that migrates; the lock ends with the session, whatever happens to this program.
        await client.query('SET lock_timeout = 0');
        await client.query("SELECT pg_advisory_lock(hashtextextended('gatehouse migrations', 0))");
        return await work();
      } finally {
        client.release(true);
      }
    },
  };
}
