import { setImmediate } from 'node:timers/promises';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { bulkLoad, restoreIndexes } from '#src/storage/bulk-load';
import type { Read, Storage, Store } from '#src/storage/store';
import { generateAccess, generateOrganization } from './generated-access';
import { generateUser, type GeneratedUser } from './generate-user';
import { day } from './generated-people';
import {
  addAccess,
  addConnections,
  addGeneratedUser,
  addOrganization,
  type UserSurroundings,
} from './generated-rows';
import { createRowBuffer, type RowBuffer } from './row-buffer';
import { seedErrors } from './seed.errors';

export interface SeedOptions {
  /** How many users to make; an organization comes with every hundred. */
  readonly users: number;
  /** The same seed gives the same data. */
  readonly seed: string;
  /** The day of sessions: they began in the three weeks before. Everything else lies at fixed dates. */
  readonly now: Instant;
  /** Told after each transaction how many users are stored. */
  readonly onProgress?: (users: number) => void;
}

export interface SeedResult {
  readonly users: number;
  readonly organizations: number;
  readonly roles: number;
}

/** Users in one transaction; twice as many are in memory at one time. */
const batchSize = 2_000;
const usersBetweenTurns = 20;

/**
 * Fills an empty database with generated data, in transactions of 2,000 users, with memory that does not depend on their
 * number, and with indexes that are made at the end. Refuses a database that holds a user: the data would not be what the seed says.
 */
export async function seedUsers(storage: Storage, options: SeedOptions): Promise<SeedResult> {
  const store = storage.open();
  await restoreIndexes(store);
  if (await anyUserExists(store)) throw seedErrors.SEED_NOT_EMPTY();
  return bulkLoad(store, () => insertUsers(store, options));
}

async function insertUsers(store: Store, options: SeedOptions): Promise<SeedResult> {
  const { seed, users } = options;
  const access = generateAccess(seed);
  const organizations = Math.ceil(users / 100);
  const surroundings = { seed, access, today: options.now - (options.now % day) };
  const counts = { users, organizations, roles: access.roles.length };
  const rows = createRowBuffer();

  await store.transaction(async (transaction) => {
    addConnections(rows, seed, await connectionNames(transaction));
    addAccess(rows, access);
    for (let index = 0; index < organizations; index += 1) {
      addOrganization(rows, generateOrganization(seed, index));
    }
    await rows.flush(transaction);
  });
  let storing: Promise<void> = Promise.resolve();
  for (let start = 0; start < users; start += batchSize) {
    const end = Math.min(start + batchSize, users);
    const batch = await generateBatch(
      start,
      end,
      (number) => generateUser(seed, number, counts),
      surroundings,
    );
    await storing;
    storing = store
      .transaction((transaction) => batch.flush(transaction))
      .then(() => options.onProgress?.(end));
    // It is awaited after the next batch is made; until then its failure must not count as one that nobody looks at.
    storing.catch(() => undefined);
  }
  await storing;
  return { users, organizations, roles: access.roles.length };
}

/** Rows of the users from `start` to before `end`. Lets the database answer in between, which stores the batch before. */
async function generateBatch(
  start: number,
  end: number,
  generate: (number: number) => GeneratedUser,
  surroundings: UserSurroundings,
): Promise<RowBuffer> {
  const rows = createRowBuffer();
  for (let number = start; number < end; number += 1) {
    addGeneratedUser(rows, generate(number), surroundings);
    if (number % usersBetweenTurns === 0) await setImmediate();
  }
  return rows;
}

const anyUser: Read<object, { readonly id: string }> = {
  name: 'seed_any_user',
  build: (builder) => builder.from(UserEntity, 'u').limit(1),
  select: columnsOf(UserEntity, 'u', ['id']),
};

const allConnections: Read<object, { readonly name: string }> = {
  name: 'seed_all_connections',
  build: (builder) => builder.from(ConnectionEntity, 'c'),
  select: columnsOf(ConnectionEntity, 'c', ['name']),
};

export async function anyUserExists(store: Store): Promise<boolean> {
  return (await store.read(anyUser, {})).length > 0;
}

async function connectionNames(store: Store): Promise<ReadonlySet<string>> {
  return new Set((await store.read(allConnections, {})).map((connection) => connection.name));
}
