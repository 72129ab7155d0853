/** One at a time for each key, in the order of arrival. */
export interface KeyedLocks {
  /** `hasWaited` tells that somebody else worked on this key meanwhile. */
  run<Result>(key: string, work: (hasWaited: boolean) => Promise<Result>): Promise<Result>;
}

export function createKeyedLocks(): KeyedLocks {
  const last = new Map<string, Promise<unknown>>();
  return {
    run: async (key, work) => {
      const before = last.get(key);
      const mine = (before ?? Promise.resolve()).then(() => work(before !== undefined));
      // Whoever comes next waits for the end of this work, whatever the end is.
      const settled = mine.catch(() => undefined);
      last.set(key, settled);
      try {
        return await mine;
      } finally {
        if (last.get(key) === settled) last.delete(key);
      }
    },
  };
}
