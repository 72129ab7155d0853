import { createHashingPool } from '#src/features/passwords/hashing-pool';
import { checkImportedHash } from '#src/features/passwords/hashes/check-imported-hash';
import { hashWorkerFile } from '#src/features/passwords/hashes/hash-worker-file';
import { createHashWorkers, type Bounded } from '#src/features/passwords/hashes/hash-workers';
import { ours } from '#test/features/passwords/hashes/known-answers';
import { storedFormOf } from '#test/features/passwords/hashes/stored-form';

const stored = storedFormOf(checkImportedHash('{MD5}nIpUF1ImaZmzZPoJf7ccMA=='));

function bounded(threads: number, queue: number): Bounded {
  const pool = createHashingPool({ threads, queue });
  return (work) => pool.run(work);
}

describe('2.1 threads that check imported hashes', () => {
  it('answer each check, more of them than there are threads', async () => {
    const workers = createHashWorkers(bounded(2, 10), hashWorkerFile);
    const guesses = [ours, 'wrong', ours, '', ours, 'Corr3ct-h0rsE'];
    const answers = await Promise.all(guesses.map((guess) => workers.verify(stored, guess)));
    expect(answers).toEqual([true, false, true, false, true, false]);
    await workers.close();
  });

  it('refuse at once when as many wait as may', async () => {
    const workers = createHashWorkers(bounded(1, 2), hashWorkerFile);
    const checks = Array.from({ length: 4 }, () => workers.verify(stored, ours));
    const settled = await Promise.allSettled(checks);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(settled[3]).toMatchObject({ reason: { code: 'TOO_MANY_ATTEMPTS' } });
    await workers.close();
  });

  it('fail a check whose thread ended, and go on with a new one', async () => {
    const files = [require.resolve('./ending-worker.js'), hashWorkerFile()];
    const workers = createHashWorkers(bounded(1, 2), () => files.shift() as string);
    await expect(workers.verify(stored, ours)).rejects.toThrow('A thread that checks passwords ended.');
    expect(await workers.verify(stored, ours)).toBe(true);
    await workers.close();
  });
});
