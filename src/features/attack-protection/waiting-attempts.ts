/** Attempts of this process that wait for the right to be counted, by the keys of their counters. */
export interface WaitingAttempts {
  of(key: string): number;
  /** Answers what ends the wait; ending it twice is ending it once. */
  enter(keys: readonly string[]): () => void;
}

/** One for each database that attempts are counted in. */
export function createWaitingAttempts(): WaitingAttempts {
  const counts = new Map<string, number>();
  return {
    of: (key) => counts.get(key) ?? 0,
    enter: (keys) => {
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        for (const key of keys) {
          const left = (counts.get(key) ?? 0) - 1;
          if (left > 0) counts.set(key, left);
          else counts.delete(key);
        }
      };
    },
  };
}
