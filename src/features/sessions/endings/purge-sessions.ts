import type { SessionsConfig } from '#src/config/sessions';
import { anonymous, principal } from '#src/access/principal';
import { repeatedly, type Background } from '#src/jobs/background';
import { inBatches } from '#src/jobs/clean-table';
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
    async (limit) => idsOf(await findTransactionsExpiredBefore(store, now - day, limit)),
    (inside, ids) => deleteTransactions(inside, ids),
  );
  await inBatches(
    store,
    async (limit) => idsOf(await findGoneVisits(store, now, limit)),
    (inside, ids) => deleteVisits(inside, ids),
  );
  await inBatches(
    store,
    async (limit) => idsOf(await findFamiliesEndedBefore(store, before, limit)),
    (inside, ids) => deleteFamilies(inside, ids),
  );
  return {
    expired: await inBatches(
      store,
      async (limit) => idsOf(await findStaleSessions(store, now, limit)),
      async (inside, ids) =>
        (await endAndTell(inside, call, { ids, staleAt: now }, 'session-expired')).length,
    ),
    deleted: await inBatches(
      store,
      async (limit) => idsOf(await findSessionsEndedBefore(store, before, limit)),
      (inside, ids) => deleteSessions(inside, ids),
    ),
  };
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** Asks for nothing that would need a right. */
const sweeper = principal({ ...anonymous, kind: 'machine', subject: 'session-sweep' });

/** What else is to be brought up to date then, in a transaction of its own; answers how much. */
export type Settle = (store: Store, call: EndingCall) => Promise<number>;

/** Runs the purge every `sweepSeconds`. */
export function sessionSweep(
  { storage, clock, ids, logger }: { storage: Storage; clock: Clock; ids: Ids; logger: Logger },
  config: SessionsConfig,
  settle: Settle,
): Background {
  const call = { clock, ids, principal: sweeper, requestId: 'session-sweep' };
  return repeatedly(logger, { name: 'purge sessions', everyMs: config.sweepSeconds * 1_000 }, async () => {
    const purged = await purgeExpiredSessions(storage.open(), call, config.retentionDays);
    await storage.open().transaction((store) => settle(store, call));
    if (purged.expired + purged.deleted > 0) logger.debug({ ...purged }, 'sessions purged');
  });
}
