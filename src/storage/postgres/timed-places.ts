import { storageErrors } from '#src/storage/storage.errors';

/** Lets only so many statements with a time limit run at once that everybody else still finds a connection. */
export interface TimedPlaces {
  /** Resolves with the function that gives the place back; SEARCH_TIMEOUT after `timeoutMs` of waiting. */
  take(timeoutMs: number): Promise<() => void>;
}

/** Connections of a pool that slow searches never hold, where it is large enough. */
const keptFree = 2;

export function createTimedPlaces(poolSize: number): TimedPlaces {
  const queue = new Set<() => void>();
  let free = Math.max(1, poolSize - keptFree);

  function giveBack(): void {
    const next = queue.values().next();
    if (next.done === true) free += 1;
    else {
      queue.delete(next.value);
      next.value();
    }
  }

  return {
    take(timeoutMs) {
      if (free > 0) {
        free -= 1;
        return Promise.resolve(giveBack);
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          queue.delete(enter);
          reject(storageErrors.SEARCH_TIMEOUT());
        }, timeoutMs);
        const enter = (): void => {
          clearTimeout(timer);
          resolve(giveBack);
        };
        queue.add(enter);
      });
    },
  };
}
