import { Worker } from 'node:worker_threads';
import type { HashAnswer, HashTask } from './hash-worker';

/** Threads that check imported hashes, so that a costly one does not stop the event loop. */
export interface HashWorkers {
  /** Whether the password belongs to the stored hash of another system. Rejects when the check itself failed. */
  verify(stored: string, password: string): Promise<boolean>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Bounds how many checks run and wait; see `createHashingPool`. */
export type Bounded = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A thread starts with the first check that finds none idle; there are never more than `bounded` lets run. */
export function createHashWorkers(bounded: Bounded, file: () => string): HashWorkers {
  const idle: Worker[] = [];
  const all = new Set<Worker>();

  const start = (): Worker => {
    const worker = new Worker(file());
    // A check that is waited for keeps the process; a thread with nothing to do does not.
    worker.unref();
    all.add(worker);
    // An idle thread that breaks ends by itself; whoever waits for one listens as well.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    });
    return worker;
  };

  const ask = (task: HashTask): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const worker = idle.pop() ?? start();
      worker.ref();
      const settle = (finish: () => void): void => {
        worker.off('message', answered);
        worker.off('exit', failed);
        worker.unref();
        finish();
      };
      const failed = (): void => settle(() => reject(new Error('A thread that checks passwords ended.')));
      const answered = (answer: HashAnswer): void =>
        settle(() => {
          idle.push(worker);
          if (answer === null) reject(new Error('A password could not be checked.'));
          else resolve(answer);
        });
      worker.on('message', answered);
      worker.on('exit', failed);
      worker.postMessage(task);
    });

  return {
    verify: (stored, password) => bounded(() => ask({ stored, password })),
    close: async () => {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}
