import { getMetadataArgsStorage } from 'typeorm';
import { commonErrors } from '#src/shared/errors';
import type { Logger } from '#src/shared/logger';
import { createCursors } from '#src/storage/cursor';
import type { Driver, StorageSettings } from '#src/storage/driver';
import { openSqlite } from '#src/storage/sqlite/driver';
import { StorageError } from '#src/storage/storage.errors';
import type { PageLimits, Storage } from '#src/storage/store';
import { StorageCore } from '#src/storage/storage-core';
import { StoreHandle } from '#src/storage/store-handle';

export interface StorageOptions {
  /** `sqlite:./data/gatehouse.db` or `postgres://user:password@host/database`. */
  readonly url: string;
  /** Secret that seals cursors; nodes that serve one deployment share it. */
  readonly cursorKey: Buffer;
  readonly logger: Logger;
  readonly pageLimits?: PageLimits;
  readonly poolSize?: number;
  readonly readConnections?: number;
  readonly writerCacheKb?: number;
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly busyTimeoutMs?: number;
  readonly isBulkLoad?: boolean;
}

export const storageDefaults = {
  poolSize: 10,
  readConnections: 4,
  connectTimeoutMs: 5000,
  statementTimeoutMs: 15_000,
  lockTimeoutMs: 5000,
  busyTimeoutMs: 5000,
} satisfies Partial<StorageOptions>;

const usualPages: PageLimits = { maximum: 100, usual: 50 };

const pingTimeoutMs = 1000;

export type DatabaseKind = 'file' | 'server';

/** Which database a URL means: the only place where that is decided. */
export function databaseKind(url: string): DatabaseKind {
  if (/^sqlite:/i.test(url)) return 'file';
  if (/^postgres(ql)?:\/\//i.test(url)) return 'server';
  throw new StorageError(
    'STORAGE_URL_INVALID',
    'The database URL must begin with "sqlite:" or "postgres://".',
  );
}

/**
 * Opens a migrated database. Every entity whose module has been loaded by now is known to it. Throws a StorageError when the
 * database cannot be used: missing folder or file, unreadable, locked, not migrated, or migrated by a newer version.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const settings: StorageSettings = { ...storageDefaults, ...options };
  const entities = knownEntities();
  if (databaseKind(options.url) === 'file') {
    return createStorage(await openSqlite(settings, entities, options.logger), options);
  }
  // Loaded by those alone who have a server.
  const { openPostgres } = await import('#src/storage/postgres/driver');
  return createStorage(await openPostgres(settings, entities, options.logger), options);
}

/** The classes that carry an entity decorator. */
export function knownEntities(): (new () => object)[] {
  return getMetadataArgsStorage().tables.map((table) => table.target as new () => object);
}

function createStorage(driver: Driver, { cursorKey, pageLimits = usualPages }: StorageOptions): Storage {
  const core = new StorageCore(driver, createCursors(cursorKey), pageLimits);
  let closing: Promise<void> | null = null;
  return {
    dialect: driver.dialect,
    cursors: core.cursors,
    load: () => driver.load(),
    open: () => new StoreHandle(core, { statements: 0 }, null),
    async ping() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(commonErrors.STORAGE_UNAVAILABLE()), pingTimeoutMs);
      });
      const asked = driver.read({ name: 'ping', text: 'SELECT 1 AS one', values: [] });
      const checked = Promise.all([asked, driver.checkPlace?.()]);
      await Promise.race([checked, late]).finally(() => clearTimeout(timer));
    },
    close: () => (closing ??= driver.close()),
  };
}
