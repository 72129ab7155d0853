import { availableParallelism } from 'node:os';
import { attackErrors } from '#src/features/attack-protection/attack-protection.errors';

/** Runs expensive work a few at a time. The work itself must be off the event loop. */
export interface HashingPool {
  /** Answers what `work` answers. Throws TOO_MANY_ATTEMPTS, without starting it, when the queue is full. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Throws TOO_MANY_ATTEMPTS when the queue is full: before anything else is done for a password. */
  requireRoom(): void;
  /**
   * Does work of which a later step is a task of the pool. As many are let in as run and wait; more get TOO_MANY_ATTEMPTS at once, before
   * any step, so that a flood does not wait for the database either.
   */
  admit<Result>(work: () => Promise<Result>): Promise<Result>;
  readonly running: number;
  readonly waiting: number;
}

/** Password work takes about 20 ms, so a full queue of the default size is gone after about a second. */
const retryAfterSeconds = 1;

/**
 * At most `threads` tasks run (never more than the machine has cores) and `queue` wait, first come, first served.
 * The tasks occupy threads of Node's pool of four, which database drivers use too: whoever raises `threads` above two
 * gives the process a larger UV_THREADPOOL_SIZE.
 */
export function createHashingPool(limits: { readonly threads: number; readonly queue: number }): HashingPool {
  const threads = Math.max(1, Math.min(limits.threads, availableParallelism()));
  const queue: (() => void)[] = [];
  let running = 0;
  let admitted = 0;

  // SECURITY: a flood of sign-ins must cost the sender a refusal, not the server memory and everybody's waiting time.
  const isFull = (): boolean => running >= threads && queue.length >= limits.queue;

  const start = (): void => {
    if (running >= threads) return;
    const next = queue.shift();
    if (!next) return;
    running += 1;
    next();
  };

  const occupySlot = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } finally {
      running -= 1;
      start();
    }
  };

  return {
    run: (work) => {
      if (isFull()) return Promise.reject(refusal());
      return new Promise((resolve, reject) => {
        queue.push(() => void occupySlot(work).then(resolve, reject));
        start();
      });
    },
    requireRoom: () => {
      if (isFull()) throw refusal();
    },
    admit: async (work) => {
      if (isFull() || admitted >= threads + limits.queue) throw refusal();
      admitted += 1;
      try {
        return await work();
      } finally {
        admitted -= 1;
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return queue.length;
    },
  };
}

function refusal(): Error {
  return attackErrors.TOO_MANY_ATTEMPTS({
    message: 'Too many sign-ins at the moment. Wait a second and try again.',
    extensions: { retryAfter: retryAfterSeconds },
  });
}
