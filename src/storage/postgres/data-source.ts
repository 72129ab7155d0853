import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { Logger } from '#src/shared/logger';
import type { StorageSettings } from '#src/storage/driver';
import { postgresMigrations } from '#src/storage/migrations/all-migrations';
import { quietLogger } from '#src/storage/quiet-logger';
import { StorageError } from '#src/storage/storage.errors';

const oldestVersion = 140_000;

export interface ServerOptions {
  readonly settings: StorageSettings;
  readonly entities: readonly (new () => object)[];
  readonly logger: Logger;
  /** False for TypeORM's own command line, which prints through its logger. */
  readonly isQuiet?: boolean;
  /** Serving: every transaction that does not say READ WRITE is read-only. Migrations need it off. */
  readonly readOnlyByDefault: boolean;
}

/** A TypeORM data source on the server, not yet connected. */
export function postgresDataSource({ isQuiet = true, ...options }: ServerOptions): DataSource {
  const { settings, entities, logger, readOnlyByDefault } = options;
  return new DataSource({
    type: 'postgres',
    url: settings.url,
    entities: [...entities],
    migrations: [...postgresMigrations],
    migrationsTransactionMode: 'each',
    synchronize: false,
    ...(isQuiet ? { logger: quietLogger } : {}),
    installExtensions: false,
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    poolSize: settings.poolSize,
    connectTimeoutMS: settings.connectTimeoutMs,
    applicationName: 'gatehouse',
    // Without a listener, a connection lost while idle would end the process.
    poolErrorHandler: (error: unknown) => logger.warn({ err: error }, 'an idle database connection was lost'),
    extra: {
      // A migration may rightly take longer than any request.
      statement_timeout: readOnlyByDefault && !settings.isBulkLoad ? settings.statementTimeoutMs : 0,
      lock_timeout: settings.lockTimeoutMs,
      idle_in_transaction_session_timeout: readOnlyByDefault ? 60_000 : 0,
      keepAlive: true,
      // An idle connection to a server that is gone is noticed in ten seconds more; the system's own default is two hours.
      keepAliveInitialDelayMillis: 5000,
      idleTimeoutMillis: 60_000,
      options: [
        // An index page costs about as much as the next page of a table: true of solid-state disks and of what is in memory.
        '-c random_page_cost=1.1',
        // Statements are short: compiling one takes longer than running it as it is.
        '-c jit=off',
        ...(readOnlyByDefault ? ['-c default_transaction_read_only=on'] : []),
        ...(settings.isBulkLoad ? ['-c synchronous_commit=off', '-c maintenance_work_mem=256MB'] : []),
      ].join(' '),
    },
  });
}

/** The driver's pool behind a data source. */
function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

/** Connects and checks that the server can be used. Errors tell host and database, never the password. */
export async function initialize(dataSource: DataSource, url: string): Promise<Pool> {
  try {
    await dataSource.initialize();
  } catch (error) {
    throw openingError(error, url);
  }
  const pool = poolOf(dataSource);
  // A connection lost while a statement runs is reported by that statement; the event must not end the process as well.
  pool.on('acquire', (client: PoolClient) => {
    if (!client.listeners('error').includes(ignore)) client.on('error', ignore);
  });
  const { rows } = await pool.query<{ version: string; encoding: string }>(
    "SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding",
  );
  const { version = '0', encoding = '' } = rows[0] ?? {};
  if (Number(version) < oldestVersion) {
    throw new StorageError(
      'STORAGE_VERSION',
      `The database server must be version 14 or newer; it is ${version}.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new StorageError(
      'STORAGE_VERSION',
      `The database must have the encoding UTF8; it has ${encoding}.`,
    );
  }
  return pool;
}

function ignore(): void {}

function openingError(error: unknown, url: string): Error {
  const { code = 'no code', message } = error as { code?: string; message?: string };
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null) return new StorageError('STORAGE_URL_INVALID', 'The database URL is not a valid URL.');
  const place = `${parsed.hostname}:${parsed.port || '5432'}${parsed.pathname}`;
  return new StorageError(
    'STORAGE_UNREADABLE',
    `The database ${place} cannot be opened: ${message} (${code}).`,
    error,
  );
}

export async function appliedMigrations(pool: Pool): Promise<string[]> {
  const found = await pool.query<{ name: string | null }>("SELECT to_regclass('migrations')::text AS name");
  if (found.rows[0]?.name === null) return [];
  const { rows } = await pool.query<{ name: string }>('SELECT name FROM migrations ORDER BY id');
  return rows.map((row) => row.name);
}
