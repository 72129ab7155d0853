import {
  deleteInvitations,
  expireInvitations,
  findInvitationsEndedBefore,
  findOverdueInvitations,
} from '#src/features/organizations/invitations/invitation.repository';
import { repeatedly, type Background } from '#src/jobs/background';
import { inBatches } from '#src/jobs/clean-table';
import type { Clock, Instant } from '#src/shared/clock';
import type { Logger } from '#src/shared/logger';
import type { Storage, Store } from '#src/storage/store';

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
    (limit) => findOverdueInvitations(store, now, limit),
    (inside, ids) => expireInvitations(inside, ids, now),
  );
  const deleted = await inBatches(
    store,
    (limit) => findInvitationsEndedBefore(store, before, limit),
    (inside, ids) => deleteInvitations(inside, ids),
  );
  return { expired, deleted };
}

/** Purges every `invitationSweepSeconds`. */
export function invitationSweep(
  { storage, clock, logger }: { readonly storage: Storage; readonly clock: Clock; readonly logger: Logger },
  limits: { readonly invitationSweepSeconds: number; readonly invitationRetentionDays: number },
): Background {
  const everyMs = limits.invitationSweepSeconds * 1_000;
  return repeatedly(logger, { name: 'purge invitations', everyMs }, async () => {
    const purged = await purgeInvitations(storage.open(), clock.now(), limits.invitationRetentionDays);
    if (purged.expired + purged.deleted > 0) logger.debug({ ...purged }, 'invitations purged');
  });
}
