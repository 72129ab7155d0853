import type { Store } from '#src/storage/store';

/** Removes up to `limit` rows that hang on a deleted object; answers how many it removed: fewer than the limit when none is left. */
export type RemoveSome = (store: Store, id: string, limit: number) => Promise<number>;

/** Removes up to `limit` rows, from one source after the other. */
export async function removeSome(
  sources: readonly RemoveSome[],
  store: Store,
  id: string,
  limit: number,
): Promise<number> {
  let removed = 0;
  for (const source of sources) {
    if (removed >= limit) break;
    removed += await source(store, id, limit - removed);
  }
  return removed;
}
