import { ending, repeatedly, startBackground, stopBackground } from '#src/jobs/background';

describe('work in the background', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const setting = { name: 'count', everyMs: 1_000 };
  const silent = { warn: () => undefined };

  test('is done again and again, and no more after its end', async () => {
    let runs = 0;
    const work = repeatedly(silent, setting, async () => void (runs += 1));
    await work.start();
    expect(runs).toBe(0);
    await jest.advanceTimersByTimeAsync(3_000);
    expect(runs).toBe(3);
    await work.stop();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(runs).toBe(3);
  });

  test('never runs twice at once, and its end waits for what is under way', async () => {
    let runs = 0;
    let finish = (): void => undefined;
    const work = repeatedly(silent, setting, () => {
      runs += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    });
    await work.start();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(runs).toBe(1);
    let isOver = false;
    const over = Promise.resolve(work.stop()).then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(0);
    expect(isOver).toBe(false);
    finish();
    await over;
  });

  test('goes on after failures, of which one a minute is logged with the name of the work', async () => {
    const logged: unknown[] = [];
    let runs = 0;
    const work = repeatedly({ warn: (fields: unknown) => logged.push(fields) }, setting, () => {
      runs += 1;
      return runs === 70 ? Promise.resolve() : Promise.reject(new Error('locked'));
    });
    const line = (notLogged: number) => ({ err: new Error('locked'), work: 'count', notLogged });
    await work.start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect([runs, logged]).toEqual([60, [line(0)]]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(logged).toEqual([line(0), line(59)]);
    // A failure after a success is news again.
    await jest.advanceTimersByTimeAsync(10_000);
    expect([runs, logged]).toEqual([71, [line(0), line(59), line(0)]]);
    await work.stop();
  });

  test('of all features is ended in the opposite order of its start', async () => {
    const seen: string[] = [];
    const work = (name: string) => ({
      background: [
        { start: () => void seen.push(`start ${name}`), stop: () => void seen.push(`stop ${name}`) },
        ending(() => void seen.push(`end ${name}`)),
      ],
    });
    const parts = [work('a'), {}, work('b')];
    await startBackground(parts);
    await stopBackground(parts);
    expect(seen).toEqual(['start a', 'start b', 'end b', 'stop b', 'end a', 'stop a']);
  });
});
