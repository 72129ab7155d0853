import type { FaultReason } from '#src/features/lazy-migration/sources/migration-source';
import type { Migrated } from '#src/features/lazy-migration/users/migrate-user';
import type { Clock } from '#src/shared/clock';
import type { Logger } from '#src/shared/logger';
import type { Storage } from '#src/storage/store';
import { addAttempts, deleteAttemptsBefore, type AttemptCount } from './migration-attempt.repository';

export const hourMs = 3_600_000;
const keptHours = 90 * 24;
const flushMs = 10_000;

/** What became of a question to a source, or of what it was told; a fault counts by its reason. */
export type AttemptOutcome =
  | Migrated['outcome']
  | 'MISMATCH'
  | 'UNKNOWN'
  | 'BLOCKED'
  | 'CONFLICT'
  | 'TOLD'
  | 'TELLING_REFUSED'
  | FaultReason;

/** Counts what became of questions to sources: in memory first, so that a flood of guesses is no flood of writes. */
export interface AttemptTally {
  add(connection: string, outcome: AttemptOutcome): void;
  /** Totals since this process started, for metrics. */
  totals(): ReadonlyMap<string, number>;
  /** Writes what was counted. */
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export function createAttemptTally({
  storage,
  clock,
  logger,
}: {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
}): AttemptTally {
  const waiting = new Map<string, AttemptCount>();
  const totals = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;

  const flush = async (): Promise<void> => {
    if (waiting.size === 0) return;
    const counts = [...waiting.values()];
    waiting.clear();
    await storage.open().transaction(async (store) => {
      await addAttempts(store, counts);
      await deleteAttemptsBefore(store, Math.floor(clock.now() / hourMs) - keptHours);
    });
  };
  const flushQuietly = (): Promise<void> =>
    flush().catch((error: unknown) => logger.warn({ event: 'migration.tally_lost', error }));

  return {
    add: (connection, outcome) => {
      const hour = Math.floor(clock.now() / hourMs);
      const key = JSON.stringify([connection, outcome, hour]);
      waiting.set(key, { connection, outcome, hour, count: (waiting.get(key)?.count ?? 0) + 1 });
      totals.set(outcome, (totals.get(outcome) ?? 0) + 1);
    },
    totals: () => totals,
    flush,
    start: () => {
      timer ??= setInterval(() => void flushQuietly(), flushMs).unref();
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await flushQuietly();
    },
  };
}
