import type { DataSource } from 'typeorm';
import type { Logger } from '#src/shared/logger';
import { sqliteDialect } from '#src/storage/dialect/sqlite';
import type { Driver, Statement, StorageSettings } from '#src/storage/driver';
import type { RawRow } from '#src/storage/row-codec';
import { createFifoLock } from '#src/storage/fifo-lock';
import { sqliteMigrations } from '#src/storage/migrations/all-migrations';
import { checkApplied } from '#src/storage/migrations/check-applied';
import { SqliteConnection } from '#src/storage/sqlite/connection';
import * as file from '#src/storage/sqlite/data-source';
import { sqliteErrors } from '#src/storage/sqlite/errors';
import { readEach } from '#src/storage/sqlite/read-each';
import { createTimedReaders } from '#src/storage/sqlite/timed-readers';
import { SqliteTransaction } from '#src/storage/sqlite/transaction';

interface OpenFile {
  readonly writer: SqliteConnection;
  readonly readers: readonly SqliteConnection[];
  readonly timed: readonly SqliteConnection[];
  readonly dataSources: readonly DataSource[];
  readonly checkPlace: () => Promise<void>;
}

/**
 * Opens the file: one connection that writes, `readConnections` that read, and half as many for reads with a time limit, so
 * that slow searches never occupy all of the driver's threads.
 */
export async function openSqlite(
  settings: StorageSettings,
  entities: readonly (new () => object)[],
  logger: Logger,
): Promise<Driver> {
  const path = file.filePath(settings.url);
  await file.checkFile(path);
  const dataSources: DataSource[] = [];
  try {
    const main = file.sqliteDataSource({ path, readOnly: false, entities });
    const translate = sqliteErrors(main);
    const connect = async (dataSource: DataSource, readOnly: boolean): Promise<SqliteConnection> => {
      const database = await file.initialize(dataSource, path);
      dataSources.push(dataSource);
      for (const pragma of pragmas(readOnly, settings)) await file.rawAll(database, `PRAGMA ${pragma}`);
      return new SqliteConnection(database, translate);
    };
    const connectReaders = (length: number): Promise<SqliteConnection[]> =>
      Promise.all(
        Array.from({ length }, () =>
          connect(file.sqliteDataSource({ path, readOnly: true, entities: [] }), true),
        ),
      );
    const writer = await connect(main, false);
    const { readConnections } = settings;
    checkApplied(await file.appliedMigrations(main), sqliteMigrations);
    const opened = {
      writer,
      readers: await connectReaders(readConnections),
      timed: await connectReaders(Math.ceil(readConnections / 2)),
      dataSources,
      checkPlace: await file.placeCheck(path),
    };
    return createDriver(opened, main, settings, logger);
  } catch (error) {
    await Promise.all(dataSources.map((dataSource) => dataSource.destroy()));
    throw file.openingError(error, path);
  }
}

function pragmas(
  readOnly: boolean,
  { busyTimeoutMs, writerCacheKb = 24_000, isBulkLoad = false }: StorageSettings,
): readonly string[] {
  const all = [
    `busy_timeout = ${busyTimeoutMs}`,
    `cache_size = ${isBulkLoad ? -64_000 : readOnly ? -8_000 : -writerCacheKb}`,
    // Pages of a memory map count as memory of the process once for each connection, and reading is no faster for them.
    'mmap_size = 0',
    // Sorting the entries of a large index would fill the memory.
    `temp_store = ${isBulkLoad ? 'FILE' : 'MEMORY'}`,
  ];
  if (readOnly) return all;
  // FULL syncs the log at each commit: an answered write survives a loss of power.
  return [
    ...all,
    'journal_mode = WAL',
    `synchronous = ${isBulkLoad ? 'NORMAL' : 'FULL'}`,
    'foreign_keys = ON',
    'journal_size_limit = 67108864',
    'wal_autocheckpoint = 4000',
  ];
}

function createDriver(
  opened: OpenFile,
  dataSource: DataSource,
  settings: StorageSettings,
  logger: Logger,
): Driver {
  const { writer, readers, timed } = opened;
  const lock = createFifoLock();
  const timedReaders = createTimedReaders(timed);

  function leastBusy(): SqliteConnection {
    let chosen = readers[0] as SqliteConnection;
    for (const reader of readers) if (reader.inFlight < chosen.inFlight) chosen = reader;
    return chosen;
  }

  async function begin(): Promise<void> {
    // IMMEDIATE takes the write lock at once: a deferred transaction that reads first could fail at its first write, without waiting.
    await writer.run({ text: 'BEGIN IMMEDIATE', values: [], name: 'begin' });
  }

  async function rollback(): Promise<void> {
    await writer.run({ text: 'ROLLBACK', values: [], name: 'rollback' }).catch((error: unknown) => {
      // A full disk or an input/output error has rolled back already; then there is no transaction left.
      if (!String(error).includes('no transaction is active'))
        logger.error({ err: error }, 'a rollback failed');
    });
  }

  const read = (statement: Statement): Promise<RawRow[]> => leastBusy().all(statement);

  return {
    dialect: sqliteDialect,
    dataSource,
    read,
    readEach: (one, lists) => readEach({ read }, one, lists),
    // Written as one statement they took as long, and on one thread.
    readTogether: null,
    readWithin: (statement, timeoutMs) => timedReaders.read(statement, timeoutMs),
    async transaction(work) {
      const release = await lock.acquire(settings.lockTimeoutMs);
      try {
        await begin();
        const transaction = new SqliteTransaction(writer);
        try {
          const result = await work(transaction);
          await transaction.end();
          if (transaction.failure !== null) throw transaction.failure as Error;
          await writer.run({ text: 'COMMIT', values: [], name: 'commit' });
          return result;
        } catch (error) {
          await transaction.end();
          await rollback();
          throw error;
        }
      } finally {
        release();
      }
    },
    checkPlace: opened.checkPlace,
    load() {
      const idleReaders = readers.filter((reader) => reader.inFlight === 0).length;
      return {
        total: readers.length + 1,
        idle: idleReaders + (writer.inFlight === 0 ? 1 : 0),
        waiting: lock.waiting,
      };
    },
    async close() {
      // Transactions under way or waiting end first; the wait has a limit.
      const release = await lock.acquire(settings.lockTimeoutMs).catch(() => () => undefined);
      await Promise.all([writer, ...readers, ...timed].map((connection) => connection.close()));
      for (const source of [...opened.dataSources].reverse()) await source.destroy();
      release();
    },
  };
}
