import type { Config } from '#src/config/config';
import { createLogger } from '#src/http/create-logger';
import { systemClock } from '#src/shared/clock';
import { randomIds } from '#src/shared/ids';
import { openStorage } from '#src/storage/storage';
import type { Storage } from '#src/storage/store';
import { loadProfiles, type LoadResult } from './load-profiles';
import { seedUsers, type SeedOptions, type SeedResult } from './seed-users';

/** Fills the configured database with generated users; it must be migrated. */
export function seedDatabase(config: Config, options: SeedOptions): Promise<SeedResult> {
  return withStorage(config, (storage) => seedUsers(storage, options), true);
}

/** Loads profiles into the configured database; it must be migrated. */
export function loadIntoDatabase(config: Config, rows: readonly unknown[]): Promise<LoadResult> {
  return withStorage(config, (storage) =>
    loadProfiles(storage, rows, { clock: systemClock, ids: randomIds }),
  );
}

/** Opens the database alone: the whole app would run its timers beside long transactions. */
async function withStorage<Result>(
  config: Config,
  work: (storage: Storage) => Promise<Result>,
  isBulkLoad = false,
): Promise<Result> {
  const storage = await openStorage({
    ...config.database,
    url: config.database.url.reveal(),
    // Cursors are sealed for callers of the API, and there is none here.
    cursorKey: Buffer.alloc(32),
    logger: createLogger(config.logging),
    isBulkLoad,
  });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}
