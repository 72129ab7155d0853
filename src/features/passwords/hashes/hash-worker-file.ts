import path from 'node:path';

/** The program of the threads that check imported hashes. The tests, which run from sources, have their own. */
export function hashWorkerFile(): string {
  return path.join(__dirname, 'hash-worker.js');
}
