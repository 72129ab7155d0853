import type { Call } from '#src/access/call';
import type { Store } from '#src/storage/store';

export interface Remnants {
  readonly store: Store;
  readonly call: Call;
  /** The deleted object. */
  readonly id: string;
  /** Only rows behind this key, in the order of keys: what was removed before is not walked through again. */
  readonly after: string;
  /** At most so many rows. */
  readonly limit: number;
}

/** Removes the next rows that hang on a deleted object; answers their keys in order: fewer than the limit when none is left. */
export type RemoveSome = (remnants: Remnants) => Promise<readonly string[]>;

/** How far a removal came: which of the sources is at work, and the key of the last row that it removed. */
export interface RemovalPlace {
  readonly source: number;
  readonly after: string;
}

export interface RemovalStep {
  readonly removed: number;
  /** Null: nothing is left. */
  readonly next: RemovalPlace | null;
}

const beginning: RemovalPlace = { source: 0, after: '' };

/** Removes up to `limit` rows from one source after the other, from a place on. */
export async function removeSome(
  sources: readonly RemoveSome[],
  from: RemovalPlace | null,
  { limit, ...remnants }: Omit<Remnants, 'after'>,
): Promise<RemovalStep> {
  let place = from ?? beginning;
  let removed = 0;
  for (;;) {
    const source = sources[place.source];
    if (source === undefined) return { removed, next: null };
    const keys = await source({ ...remnants, after: place.after, limit: limit - removed });
    removed += keys.length;
    if (removed >= limit) return { removed, next: { ...place, after: keys.at(-1) ?? place.after } };
    place = { source: place.source + 1, after: '' };
  }
}
