import type { SessionsConfig } from '#src/config/sessions';
import { anonymous, principal } from '#src/access/principal';
import type { Clock } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import type { Logger } from '#src/shared/logger';
import type { Storage, Store } from '#src/storage/store';
import {
  deleteSessions,
  findSessionsEndedBefore,
  findStaleSessions,
} from '#src/features/sessions/session.repository';
import { deleteVisits, findGoneVisits } from '#src/features/sessions/activity/anonymous-session.repository';
import { deleteFamilies, findFamiliesEndedBefore } from '#src/features/sessions/refresh/refresh.repository';
import {
  deleteTransactions,
  findTransactionsExpiredBefore,
} from '#src/features/sessions/sign-in/sign-in-transaction.repository';
import { endAndTell, type EndingCall } from './end-and-tell';

const batchSize = 500;
const day = 24 * 3_600_000;

export interface Purged {
  readonly expired: number;
  readonly deleted: number;
}

/**
 * Marks sessions past their limits as expired and deletes those that ended more than `retentionDays` ago, and visitors who have gone: 500 at a time, each
 * batch in a transaction of its own, found outside of it, so that other writers wait for moments only.
 */
export async function purgeExpiredSessions(
  store: Store,
  call: EndingCall,
  retentionDays: number,
): Promise<Purged> {
  const now = call.clock.now();
  const before = now - retentionDays * day;
  await inBatches(
    store,
    () => findTransactionsExpiredBefore(store, now - day, batchSize),
    (inside, ids) => deleteTransactions(inside, ids),
  );
  await inBatches(
    store,
    () => findGoneVisits(store, now, batchSize),
    (inside, ids) => deleteVisits(inside, ids),
  );
  await inBatches(
    store,
    () => findFamiliesEndedBefore(store, before, batchSize),
    (inside, ids) => deleteFamilies(inside, ids),
  );
  return {
    expired: await inBatches(
      store,
      () => findStaleSessions(store, now, batchSize),
      async (inside, ids) =>
        (await endAndTell(inside, call, { ids, staleAt: now }, 'session-expired')).length,
    ),
    deleted: await inBatches(
      store,
      () => findSessionsEndedBefore(store, before, batchSize),
      (inside, ids) => deleteSessions(inside, ids),
    ),
  };
}

async function inBatches(
  store: Store,
  find: () => Promise<{ id: string }[]>,
  change: (store: Store, ids: readonly string[]) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const ids = (await find()).map((row) => row.id);
    const changed = ids.length === 0 ? 0 : await store.transaction((transaction) => change(transaction, ids));
    total += changed;
    // Another node may have changed them first; going on until a batch is short would then never end.
    if (ids.length < batchSize || changed === 0) return total;
  }
}

/** Asks for nothing that would need a right. */
const sweeper = principal({ ...anonymous, kind: 'machine', subject: 'session-sweep' });

export interface Sweep {
  /** Stops the timer and resolves when a run that is under way has ended. */
  stop(): Promise<void>;
}

/** What else is to be brought up to date then, in a transaction of its own; answers how much. */
export type Settle = (store: Store, call: EndingCall) => Promise<number>;

/** Runs the purge every `sweepSeconds`. The timer keeps no process alive; a run that fails is logged and the next one tries again. */
export function startSweep(
  { storage, clock, ids, logger }: { storage: Storage; clock: Clock; ids: Ids; logger: Logger },
  config: SessionsConfig,
  settle: Settle,
): Sweep {
  let running: Promise<void> | null = null;
  const call = { clock, ids, principal: sweeper, requestId: 'session-sweep' };
  const run = async (): Promise<void> => {
    try {
      const purged = await purgeExpiredSessions(storage.open(), call, config.retentionDays);
      await storage.open().transaction((store) => settle(store, call));
      if (purged.expired + purged.deleted > 0) logger.debug({ ...purged }, 'sessions purged');
    } catch (error) {
      logger.warn({ err: error }, 'the purge of sessions failed');
    } finally {
      running = null;
    }
  };
  const timer = setInterval(() => void (running ??= run()), config.sweepSeconds * 1_000);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
