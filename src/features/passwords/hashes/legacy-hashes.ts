import type { Clock, Instant } from '#src/shared/clock';
import type { Storage } from '#src/storage/store';
import { countLegacyHashes, type LegacyHashes } from './legacy-hashes.repository';

/** Counting reads every password: once in so long is enough for a number that goes down over months. */
const keptMs = 15 * 60_000;

/** Answers how many hashes of other systems are left; what was counted is told again for 15 minutes, and nobody counts twice at once. */
export function createLegacyHashCount(
  storage: Pick<Storage, 'open'>,
  clock: Clock,
): () => Promise<readonly LegacyHashes[]> {
  let counted: { readonly at: Instant; readonly found: Promise<readonly LegacyHashes[]> } | null = null;
  return () => {
    const now = clock.now();
    if (counted === null || now - counted.at >= keptMs) {
      const mine = { at: now, found: countLegacyHashes(storage.open()) };
      counted = mine;
      // One that failed is no answer for the next.
      mine.found.catch(() => {
        if (counted === mine) counted = null;
      });
    }
    return counted.found;
  };
}
