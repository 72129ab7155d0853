import type { Platform } from '#src/access/platform';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';

export interface Cleaning {
  /** Stops the timer and resolves when a run that is under way has ended. */
  stop(): Promise<void>;
}

/** Deletes at most `limit` rows that nobody needs any more; answers how many. */
export type DeleteSome = (store: Store, now: Instant, limit: number) => Promise<number>;

const batchSize = 500;
const intervalMs = 3_600_000;

/** Deletes every hour, 500 rows at a time, each batch in a transaction of its own. The timer keeps no process alive. */
export function startCleaning(
  { storage, clock, logger }: Pick<Platform, 'storage' | 'clock' | 'logger'>,
  name: string,
  deleteSome: DeleteSome,
): Cleaning {
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    try {
      const store = storage.open();
      const now = clock.now();
      const batch = (): Promise<number> => store.transaction((inside) => deleteSome(inside, now, batchSize));
      while ((await batch()) === batchSize);
    } catch (error) {
      logger.warn({ err: error, table: name }, 'cleaning a table failed');
    } finally {
      running = null;
    }
  };
  const timer = setInterval(() => void (running ??= run()), intervalMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
