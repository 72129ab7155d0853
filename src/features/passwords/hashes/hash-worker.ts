import { parentPort } from 'node:worker_threads';
import { verifyImportedHash } from '#src/features/passwords/hashes/check/verify-hash';

/** One check of a password for the worker. */
export interface HashTask {
  readonly stored: string;
  readonly password: string;
}

/** Whether the password was right; null: the check failed, for example for want of memory. */
export type HashAnswer = boolean | null;

/** The thread of `hash-workers.ts`: one task at a time, one answer for each. No error text leaves it: it could hold the password. */
parentPort?.on('message', ({ stored, password }: HashTask) => {
  verifyImportedHash(stored, password).then(
    (isRight) => parentPort?.postMessage(isRight satisfies HashAnswer),
    () => parentPort?.postMessage(null satisfies HashAnswer),
  );
});
