import type { Clock, Instant } from '#src/shared/clock';
import type { Logger } from '#src/shared/logger';
import type { Storage, Store } from '#src/storage/store';
import { repeatedly, type Background } from './background';

/** Deletes at most `limit` rows that nobody needs any more; answers how many. */
export type DeleteSome = (store: Store, now: Instant, limit: number) => Promise<number>;

const batchSize = 500;
const everyMs = 3_600_000;

/** Deletes every hour, 500 rows at a time, each batch in a transaction of its own. */
export function cleanTable(
  { storage, clock, logger }: { readonly storage: Storage; readonly clock: Clock; readonly logger: Logger },
  table: string,
  deleteSome: DeleteSome,
): Background {
  return repeatedly(logger, { name: `clean ${table}`, everyMs }, async () => {
    const store = storage.open();
    const now = clock.now();
    const batch = (): Promise<number> => store.transaction((inside) => deleteSome(inside, now, batchSize));
    while ((await batch()) === batchSize);
  });
}

/**
 * Changes what `find` answers, at most 500 rows in a transaction of its own, until it finds no more. Found outside of the transaction, so that
 * other writers wait for moments only. Answers how many were changed.
 */
export async function inBatches(
  store: Store,
  find: (limit: number) => Promise<string[]>,
  change: (store: Store, ids: readonly string[]) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const ids = await find(batchSize);
    const changed = ids.length === 0 ? 0 : await store.transaction((inside) => change(inside, ids));
    total += changed;
    // Another node may have changed them first; going on until a batch is short would then never end.
    if (ids.length < batchSize || changed === 0) return total;
  }
}
