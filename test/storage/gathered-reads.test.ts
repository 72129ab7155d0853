import { commonErrors } from '#src/shared/errors';
import type { ShapedRead } from '#src/storage/driver';
import { GatheredReads } from '#src/storage/gathered-reads';
import { rowShape } from '#src/storage/row-codec';

const shape = rowShape({ text: 'text' }, true);
const constant = (name: string): ShapedRead => ({ name, text: `SELECT '${name}'`, shape });

/** Notes the values that are sent together; `bad` fails, alone or among others, and with `lost` there is no database at all. */
function recorder() {
  const sent: unknown[][] = [];
  const answer = (read: ShapedRead, [value]: readonly unknown[]) => {
    if (value === 'lost') throw commonErrors.STORAGE_UNAVAILABLE();
    if (value === 'bad') throw new Error('refused');
    return [{ text: `${read.name} ${String(value)}` }];
  };
  const send = <Answer>(lists: readonly (readonly unknown[])[], make: () => Answer): Promise<Answer> => {
    sent.push(lists.flat());
    return Promise.resolve().then(make);
  };
  const reads = new GatheredReads({
    read: ({ values, ...read }) => send([values], () => answer(read as ShapedRead, values)),
    readEach: (read, lists) => send(lists, () => lists.map((values) => answer(read, values))),
  });
  return { sent, reads };
}

describe('reads that requests of the same moment ask for', () => {
  it('are one statement for each read, and each is answered its own rows', async () => {
    const { sent, reads } = recorder();
    const [user, caller] = [constant('user'), constant('caller')];
    const inOtherCallback = new Promise<unknown>((resolve) => {
      process.nextTick(() => resolve(reads.read(user, ['c'])));
    });
    const answers = await Promise.all([
      reads.read(user, ['a']),
      reads.read(caller, ['x']),
      reads.read(user, ['b']),
      inOtherCallback,
    ]);
    expect(answers.flat()).toEqual(['user a', 'caller x', 'user b', 'user c'].map((text) => ({ text })));
    expect(sent).toEqual([['a', 'b', 'c'], ['x']]);
  });

  it('are sent as they are when they are alone, and begin anew after that', async () => {
    const { sent, reads } = recorder();
    const user = constant('user');
    expect(await reads.read(user, ['a'])).toEqual([{ text: 'user a' }]);
    expect(await reads.read(user, ['b'])).toEqual([{ text: 'user b' }]);
    expect(sent).toEqual([['a'], ['b']]);
  });

  it('are at most 32 a statement', async () => {
    const { sent, reads } = recorder();
    const user = constant('user');
    const answers = await Promise.all(Array.from({ length: 65 }, (_, index) => reads.read(user, [index])));
    expect(answers.flat()).toEqual(Array.from({ length: 65 }, (_, index) => ({ text: `user ${index}` })));
    expect(sent.map(({ length }) => length)).toEqual([32, 32, 1]);
  });

  it('fail each by itself, but together without a database', async () => {
    const { sent, reads } = recorder();
    const user = constant('user');
    const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map((value) => reads.read(user, [value])));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sent).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
    sent.length = 0;
    const lost = await Promise.allSettled(['a', 'lost'].map((value) => reads.read(user, [value])));
    expect(lost).toEqual(
      Array(2).fill({ status: 'rejected', reason: expect.objectContaining({ code: 'STORAGE_UNAVAILABLE' }) }),
    );
    expect(sent).toEqual([['a', 'lost']]);
  });
});
