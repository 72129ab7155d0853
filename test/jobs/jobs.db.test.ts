/**
 * @jest-environment node
 */
import { enqueueJob, type EnqueueOptions } from '#src/jobs/enqueue-job';
import { JobEntity } from '#src/jobs/job.entity';
import { cancelUnfinished, findJob, type JobRow } from '#src/jobs/job.repository';
import { commonErrors } from '#src/shared/errors';
import type { Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';
import { callOf, counting, countingBy, givenNode, TestClock } from '#test/jobs/support';

eachDatabase('background jobs', (database) => {
  let storage: Storage;
  let clock: TestClock;

  beforeAll(async () => {
    storage = await database.open();
  });

  beforeEach(() => {
    clock = new TestClock();
  });

  const ask = (to: number, options: EnqueueOptions = {}): Promise<JobRow> =>
    storage
      .open()
      .transaction((store) => enqueueJob(store, callOf(storage, clock), counting, { to }, options));
  const read = async (id: string): Promise<JobRow> => (await findJob(storage.open(), id)) as JobRow;

  it('exist exactly when the transaction that asked for them is committed', async () => {
    const made: string[] = [];
    const undone = storage.open().transaction(async (store) => {
      made.push((await enqueueJob(store, callOf(storage, clock), counting, { to: 1 })).id);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await findJob(storage.open(), made[0] as string)).toBeNull();
    await expect(ask(5_000)).rejects.toThrow();
  });

  it('are done chunk by chunk, with counts, and keep no payload', async () => {
    const { id } = await ask(3);
    expect(await read(id)).toMatchObject({ status: 'PENDING', createdBy: 'tester', startedAt: null });
    clock.advance(1);
    expect(await givenNode(storage, clock, [countingBy()]).runUntilIdle()).toBe(1);
    const done = await read(id);
    expect(done).toMatchObject({
      status: 'COMPLETED',
      counts: { processed: 3 },
      total: 3,
      payload: null,
      checkpoint: null,
      leaseOwner: null,
      startedAt: clock.time,
      finishedAt: clock.time,
    });
  });

  it('go on behind the last committed chunk after a failure, with no chunk done twice', async () => {
    const { id } = await ask(5);
    const seen: number[] = [];
    const dying = givenNode(storage, clock, [
      countingBy((_chunk, number) => {
        if (number === 3) throw commonErrors.STORAGE_UNAVAILABLE();
        seen.push(number);
      }),
    ]);
    await dying.runUntilIdle();
    expect(await read(id)).toMatchObject({ status: 'PENDING', checkpoint: { next: 2 } });
    clock.advance(10);
    await givenNode(storage, clock, [countingBy((_chunk, number) => void seen.push(number))]).runUntilIdle();
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(await read(id)).toMatchObject({ status: 'COMPLETED', counts: { processed: 5 } });
  });

  it('are taken over when a lease has run out, and the worker that comes late commits nothing', async () => {
    const { id } = await ask(2);
    const second = givenNode(storage, clock, [countingBy()], { leaseSeconds: 30 });
    let overtook: JobRow | null = null;
    const late = givenNode(storage, clock, [
      {
        ...countingBy(),
        handler: {
          ...countingBy().handler,
          prepare: async () => {
            if (overtook) return;
            // However far ahead its clock is: the lease is measured by that of the database.
            expect(await second.runUntilIdle()).toBe(0);
            clock.advance(86_400);
            expect(await second.runUntilIdle()).toBe(0);
            await storage
              .open()
              .transaction((store) => store.update(JobEntity, { id }, { leaseUntil: Date.now() - 1 }));
            await second.runUntilIdle();
            overtook = await read(id);
          },
        },
      },
    ]);
    await late.runUntilIdle();
    expect(overtook).toMatchObject({ status: 'COMPLETED', counts: { processed: 2 } });
    expect(await read(id)).toEqual(overtook);
  });

  it('are claimed once by workers that look at the same moment', async () => {
    const seen: string[] = [];
    const nodes = [1, 2, 3, 4].map(() =>
      givenNode(storage, clock, [countingBy(({ jobId }) => void seen.push(jobId))]),
    );
    const asked = await Promise.all(Array.from({ length: 8 }, () => ask(1)));
    await Promise.all(nodes.map((node) => node.runUntilIdle()));
    expect([...seen].sort()).toEqual(asked.map(({ id }) => id).sort());
  });

  it('wait longer before each further try, and fail when all tries are used up', async () => {
    const { id } = await ask(2);
    const failed: string[] = [];
    const node = givenNode(
      storage,
      clock,
      [
        countingBy(
          (_chunk, number) => {
            if (number === 2) throw new Error('the value 4711 is secret');
          },
          ({ jobId }) => Promise.resolve(void failed.push(jobId)),
        ),
      ],
      { maxAttempts: 3, retrySeconds: 2 },
    );
    expect(await node.runUntilIdle()).toBe(1);
    const waits: number[] = [];
    for (const seconds of [2, 4]) {
      const row = await read(id);
      expect(row).toMatchObject({ status: 'PENDING', faultCode: 'JOB_FAILED' });
      waits.push(row.availableAt - clock.time);
      clock.advance(seconds - 1);
      expect(await node.runUntilIdle()).toBe(0);
      clock.advance(1);
      expect(await node.runUntilIdle()).toBe(1);
    }
    expect(waits).toEqual([2_000, 4_000]);
    const row = await read(id);
    expect(row).toMatchObject({ status: 'FAILED', counts: { processed: 1 }, finishedAt: clock.time });
    expect(row.faultMessage).not.toContain('4711');
    expect(failed).toEqual([id]);
  });

  it('fail at once for a reason that no further try can change', async () => {
    const { id } = await ask(1);
    const refusal = commonErrors.NOT_FOUND({ message: 'There is no such connection.' });
    await givenNode(storage, clock, [
      countingBy(() => {
        throw refusal;
      }),
    ]).runUntilIdle();
    expect(await read(id)).toMatchObject({
      status: 'FAILED',
      faultCode: 'NOT_FOUND',
      faultMessage: 'There is no such connection.',
    });
  });

  it('end when they are cancelled, and the chunk under way is undone', async () => {
    const { id } = await ask(5);
    const node = givenNode(storage, clock, [
      {
        ...countingBy(),
        handler: {
          ...countingBy().handler,
          prepare: async ({ checkpoint }) => {
            if ((checkpoint as { next: number } | null)?.next !== 2) return;
            await storage.open().transaction((store) => cancelUnfinished(store, id, clock.time));
          },
        },
      },
    ]);
    await node.runUntilIdle();
    expect(await read(id)).toMatchObject({ status: 'CANCELLED', counts: { processed: 2 }, payload: null });
    expect(await node.runUntilIdle()).toBe(0);
  });

  it('are given back at a stop, behind the chunk under way, and count no try', async () => {
    const { id } = await ask(5);
    const node = givenNode(storage, clock, [
      countingBy((_chunk, number) => {
        if (number === 2) void node.stop();
      }),
    ]);
    await node.runUntilIdle();
    expect(await read(id)).toMatchObject({ status: 'PENDING', attempts: 0, checkpoint: { next: 2 } });
    await givenNode(storage, clock, [countingBy()]).runUntilIdle();
    expect(await read(id)).toMatchObject({ status: 'COMPLETED', counts: { processed: 5 } });
  });

  it('with the same unique key are one as long as it is not over', async () => {
    const key = { uniqueKey: 'nightly' };
    const first = await ask(1, key);
    expect((await ask(1, key)).id).toBe(first.id);
    const node = givenNode(storage, clock, [countingBy()]);
    await node.runUntilIdle();
    const next = await ask(1, key);
    expect(next.id).not.toBe(first.id);
    await node.runUntilIdle();
  });

  it('of a kind that a node does not know wait for a node that does', async () => {
    const { id } = await ask(1);
    expect(await givenNode(storage, clock, []).runUntilIdle()).toBe(0);
    expect(await givenNode(storage, clock, [countingBy()]).runUntilIdle()).toBe(1);
    expect(await read(id)).toMatchObject({ status: 'COMPLETED' });
  });

  it('are worked on by the request that asked, within its time, and then left to a worker', async () => {
    const { id } = await ask(3);
    const node = givenNode(storage, clock, [countingBy()], { inlineMs: 10_000 });
    expect(await node.runNow(id)).toMatchObject({ status: 'COMPLETED', counts: { processed: 3 } });
    const { id: long } = await ask(3);
    const hurried = givenNode(storage, clock, [countingBy()], { inlineMs: 0 });
    expect(await hurried.runNow(long)).toMatchObject({ status: 'PENDING' });
    await node.runUntilIdle();
    expect(await read(long)).toMatchObject({ status: 'COMPLETED' });
  });

  it('are looked for again and again once the worker is started', async () => {
    let done: () => void = () => undefined;
    const isDone = new Promise<void>((resolve) => (done = resolve));
    const node = givenNode(storage, clock, [countingBy(() => done())], { pollMs: 50 });
    node.start();
    const { id } = await ask(1);
    await isDone;
    await node.stop();
    expect(await read(id)).toMatchObject({ status: 'COMPLETED' });
  });

  it('are forgotten some time after their end', async () => {
    const { id } = await ask(1);
    const node = givenNode(storage, clock, [countingBy()], { retentionDays: 30 });
    await node.runUntilIdle();
    clock.advance(30 * 86_400 - 1);
    await node.deleteOld();
    expect(await findJob(storage.open(), id)).not.toBeNull();
    clock.advance(2);
    expect(await node.deleteOld()).toBeGreaterThan(0);
    expect(await findJob(storage.open(), id)).toBeNull();
  });
});
