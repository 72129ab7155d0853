import { availableParallelism } from 'node:os';
import { createHashingPool } from '#src/features/passwords/hashing-pool';

/** A task that ends when it is told to. */
function gate<Result>(result: Result): {
  work: () => Promise<Result>;
  open: () => void;
  isStarted: () => boolean;
} {
  let open = (): void => undefined;
  let isStarted = false;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const work = async (): Promise<Result> => {
    isStarted = true;
    await opened;
    return result;
  };
  return { work, open: () => open(), isStarted: () => isStarted };
}

describe('hashing pool', () => {
  it('runs no more tasks at once than it has threads, in the order they came', async () => {
    const pool = createHashingPool({ threads: 1, queue: 10 });
    const [first, second] = [gate('first'), gate('second')];
    const answers = [pool.run(first.work), pool.run(second.work)];
    expect([first.isStarted(), second.isStarted()]).toEqual([true, false]);
    expect([pool.running, pool.waiting]).toEqual([1, 1]);
    second.open();
    first.open();
    expect(await Promise.all(answers)).toEqual(['first', 'second']);
    expect([pool.running, pool.waiting]).toEqual([0, 0]);
  });

  it('never runs more at once than the machine has cores', () => {
    const pool = createHashingPool({ threads: 1_000, queue: 2_000 });
    for (let count = 0; count < 1_000; count += 1) void pool.run(gate(count).work);
    expect(pool.running).toBe(availableParallelism());
  });

  it('refuses one task more than the queue holds, without starting it, and takes tasks again afterwards', async () => {
    const pool = createHashingPool({ threads: 1, queue: 2 });
    const gates = [gate(0), gate(1), gate(2)];
    const answers = gates.map(({ work }) => pool.run(work));
    const refused = gate(3);
    await expect(pool.run(refused.work)).rejects.toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      kind: 'limited',
      extensions: { retryAfter: 1 },
    });
    expect(refused.isStarted()).toBe(false);
    gates.forEach(({ open }) => open());
    expect(await Promise.all(answers)).toEqual([0, 1, 2]);
    expect(await pool.run(async () => 4)).toBe(4);
  });

  it('gives the slot back when a task fails, even before its first promise', async () => {
    const pool = createHashingPool({ threads: 1, queue: 10 });
    const failure = new Error('broken');
    await expect(pool.run(() => Promise.reject(failure))).rejects.toBe(failure);
    const thrower = (): Promise<never> => {
      throw failure;
    };
    await expect(pool.run(thrower)).rejects.toBe(failure);
    expect(await pool.run(async () => 'next')).toBe('next');
    expect(pool.running).toBe(0);
  });

  it('lets in as many callers as run and wait, and refuses the others before they do anything', async () => {
    const pool = createHashingPool({ threads: 1, queue: 2 });
    let release = (): void => undefined;
    const gate = new Promise<void>((done) => (release = done));
    let begun = 0;
    const one = () => pool.admit(() => ((begun += 1), gate));
    const inside = [one(), one(), one()];
    await expect(one()).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS', extensions: { retryAfter: 1 } });
    expect(begun).toBe(3);
    release();
    await Promise.all(inside);
    await expect(one()).resolves.toBeUndefined();
  });
});
