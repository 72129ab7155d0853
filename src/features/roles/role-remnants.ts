import type { Call } from '#src/access/call';
import type { Store } from '#src/storage/store';

export interface Remnants {
  readonly store: Store;
  readonly call: Call;
  /** The deleted object. */
  readonly id: string;
  /** At most so many rows. */
  readonly limit: number;
}

/** Removes some rows that hang on a deleted object; answers how many: fewer than the limit when none is left. */
export type RemoveSome = (remnants: Remnants) => Promise<number>;

/** Removes up to `limit` rows, from one source after the other. */
export async function removeSome(sources: readonly RemoveSome[], remnants: Remnants): Promise<number> {
  let removed = 0;
  for (const source of sources) {
    if (removed >= remnants.limit) break;
    removed += await source({ ...remnants, limit: remnants.limit - removed });
  }
  return removed;
}
