import { commonErrors } from '#src/shared/errors';

/** Lets one holder in at a time, in the order of asking. */
export interface FifoLock {
  /** Resolves with the function that gives the lock back; STORAGE_BUSY after `timeoutMs` of waiting. */
  acquire(timeoutMs: number): Promise<() => void>;
  readonly waiting: number;
}

export function createFifoLock(): FifoLock {
  const queue = new Set<() => void>();
  let held = false;

  function release(): void {
    const next = queue.values().next();
    if (next.done === true) held = false;
    else {
      queue.delete(next.value);
      next.value();
    }
  }

  return {
    get waiting() {
      return queue.size;
    },
    acquire(timeoutMs) {
      if (!held) {
        held = true;
        return Promise.resolve(release);
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          queue.delete(enter);
          reject(commonErrors.STORAGE_BUSY());
        }, timeoutMs);
        const enter = (): void => {
          clearTimeout(timer);
          resolve(release);
        };
        queue.add(enter);
      });
    },
  };
}
