import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import sqlite3, { type Database } from 'sqlite3';
import { DataSource } from 'typeorm';
import { commonErrors } from '#src/shared/errors';
import { sqliteMigrations } from '#src/storage/migrations/all-migrations';
import { quietLogger } from '#src/storage/quiet-logger';
import { StorageError } from '#src/storage/storage.errors';

/** TypeORM asks for the driver's verbose mode, which records a stack for each statement: it gets the plain driver instead. */
const plainDriver = { ...sqlite3, verbose: () => sqlite3 };

export interface FileOptions {
  readonly path: string;
  readonly readOnly: boolean;
  readonly entities: readonly (new () => object)[];
  /** False for TypeORM's own command line, which prints through its logger. */
  readonly isQuiet?: boolean;
}

/** The file of `sqlite:./data/gatehouse.db`. */
export function filePath(url: string): string {
  const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '' || path.startsWith('//') || path.includes(':memory:')) {
    throw new StorageError(
      'STORAGE_URL_INVALID',
      'The database URL must name a file, as in sqlite:./data/gatehouse.db.',
    );
  }
  return resolve(path);
}

/** Refuses early what the driver would report as "unable to open database file". */
export async function checkFile(path: string): Promise<void> {
  await checkFolder(dirname(path));
  const file = await stat(path).catch(() => null);
  if (file === null) {
    throw new StorageError(
      'STORAGE_NOT_MIGRATED',
      `There is no database file ${path}. Run "gatehouse migrate" first.`,
    );
  }
  if (!file.isFile()) throw new StorageError('STORAGE_UNREADABLE', `${path} is not a file.`);
  await access(path, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
    throw new StorageError(
      'STORAGE_UNREADABLE',
      `The database file ${path} is not readable and writable.`,
      cause,
    );
  });
}

/**
 * A file that is removed or replaced while it is open goes on to be read and written, and all of that is lost at the end of the process.
 * Answers what rejects from then on.
 */
export async function placeCheck(path: string): Promise<() => Promise<void>> {
  const opened = await stat(path);
  return async () => {
    const found = await stat(path).catch(() => null);
    if (found?.ino === opened.ino && found.dev === opened.dev) return;
    throw commonErrors.STORAGE_UNAVAILABLE({ cause: new Error('the database file was removed or replaced') });
  };
}

/** Makes the last folder of the path when it is missing; a longer missing path is probably misspelt and is refused. */
export async function prepareFolder(path: string): Promise<void> {
  await checkFolder(dirname(dirname(path)));
  await mkdir(dirname(path), { recursive: true });
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found === null || !found.isDirectory()) {
    throw new StorageError(
      'STORAGE_FOLDER_MISSING',
      `The folder ${folder} of the database file does not exist.`,
    );
  }
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw new StorageError(
      'STORAGE_UNREADABLE',
      `The folder ${folder} of the database file is not writable.`,
      cause,
    );
  });
}

/** A TypeORM data source on the file, not yet connected. */
export function sqliteDataSource({ path, readOnly, entities, isQuiet = true }: FileOptions): DataSource {
  return new DataSource({
    type: 'sqlite',
    database: path,
    driver: plainDriver,
    // OPEN_URI also keeps TypeORM from making folders on its own.
    flags:
      (readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE) | sqlite3.OPEN_URI,
    entities: [...entities],
    migrations: [...sqliteMigrations],
    migrationsTransactionMode: 'each',
    synchronize: false,
    ...(isQuiet ? { logger: quietLogger } : {}),
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
  });
}

/** The driver's connection behind a data source. TypeORM's own query runner is one for all callers and is not used. */
function rawHandle(dataSource: DataSource): Database {
  return (dataSource.driver as unknown as { databaseConnection: Database }).databaseConnection;
}

/** Runs a statement outside of any cache, for settings and checks at start. */
export function rawAll(database: Database, text: string): Promise<Record<string, unknown>[]> {
  return new Promise((done, fail) => {
    database.all<Record<string, unknown>>(text, (error, rows) => (error ? fail(error) : done(rows)));
  });
}

export async function initialize(dataSource: DataSource, path: string): Promise<Database> {
  try {
    await dataSource.initialize();
    return rawHandle(dataSource);
  } catch (error) {
    throw openingError(error, path);
  }
}

/** The sentence for the operator when the file cannot be used. */
export function openingError(error: unknown, path: string): Error {
  const code = (error as { code?: string }).code;
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') {
    return new StorageError(
      'STORAGE_LOCKED',
      `The database file ${path} is locked by another program.`,
      error,
    );
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new StorageError('STORAGE_UNREADABLE', `${path} is not a database file, or it is damaged.`, error);
  }
  if (code?.startsWith('SQLITE_') === true) {
    return new StorageError(
      'STORAGE_UNREADABLE',
      `The database file ${path} cannot be opened (${code}).`,
      error,
    );
  }
  return error as Error;
}

export async function appliedMigrations(dataSource: DataSource): Promise<string[]> {
  const database = rawHandle(dataSource);
  const tables = await rawAll(
    database,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'",
  );
  if (tables.length === 0) return [];
  const rows = await rawAll(database, 'SELECT name FROM migrations ORDER BY id');
  return rows.map((row) => String(row['name']));
}
