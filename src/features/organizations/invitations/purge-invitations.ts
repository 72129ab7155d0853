import {
  deleteInvitations,
  expireInvitations,
  findInvitationsEndedBefore,
  findOverdueInvitations,
} from '#src/features/organizations/invitations/invitation.repository';
import type { Clock, Instant } from '#src/shared/clock';
import type { Logger } from '#src/shared/logger';
import type { Storage, Store } from '#src/storage/store';

const batchSize = 500;
const day = 24 * 3_600_000;

export interface PurgedInvitations {
  readonly expired: number;
  readonly deleted: number;
}

/**
 * Marks invitations that have run out and deletes those that were over more than `retentionDays` ago: 500 at a time, each batch in a
 * transaction of its own, so that other writers wait for moments only. Repeating it does no harm.
 */
export async function purgeInvitations(
  store: Store,
  now: Instant,
  retentionDays: number,
): Promise<PurgedInvitations> {
  const before = now - retentionDays * day;
  const expired = await inBatches(
    store,
    () => findOverdueInvitations(store, now, batchSize),
    (inside, ids) => expireInvitations(inside, ids, now),
  );
  const deleted = await inBatches(
    store,
    () => findInvitationsEndedBefore(store, before, batchSize),
    (inside, ids) => deleteInvitations(inside, ids),
  );
  return { expired, deleted };
}

async function inBatches(
  store: Store,
  find: () => Promise<string[]>,
  change: (store: Store, ids: readonly string[]) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const ids = await find();
    const changed = ids.length === 0 ? 0 : await store.transaction((inside) => change(inside, ids));
    total += changed;
    // Another node may have changed them first; going on until a batch is short would then never end.
    if (ids.length < batchSize || changed === 0) return total;
  }
}

export interface InvitationSweep {
  /** Stops the timer and resolves when a run that is under way has ended. */
  stop(): Promise<void>;
}

export interface SweepParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Purges again and again. The timer keeps no process alive; a run that fails is logged and the next one tries again. */
export function startInvitationSweep(
  { storage, clock, logger }: SweepParts,
  limits: { readonly invitationSweepSeconds: number; readonly invitationRetentionDays: number },
): InvitationSweep {
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    try {
      const purged = await purgeInvitations(storage.open(), clock.now(), limits.invitationRetentionDays);
      if (purged.expired + purged.deleted > 0) logger.debug({ ...purged }, 'invitations purged');
    } catch (error) {
      logger.warn({ err: error }, 'the purge of invitations failed');
    } finally {
      running = null;
    }
  };
  const timer = setInterval(() => void (running ??= run()), limits.invitationSweepSeconds * 1_000);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
