import type { Statement } from '#src/storage/driver';
import { ReadsOfTick } from '#src/storage/reads-of-tick';

const constant = (name: string): Statement => ({ name, text: `SELECT '${name}'`, values: [] });
const composed = (text: string): Statement => ({ text, values: [] });

/** Notes what is sent together; statements whose text holds `bad` fail. */
function recorder() {
  const sent: string[][] = [];
  const answer = ({ text }: Statement) => {
    if (text.includes('bad')) throw new Error(`refused: ${text}`);
    return [{ text }];
  };
  const send = <Answer>(statements: readonly Statement[], make: () => Answer): Promise<Answer> => {
    sent.push(statements.map(({ name, text }) => name ?? text));
    return Promise.resolve().then(make);
  };
  const reads = new ReadsOfTick({
    read: (statement) => send([statement], () => answer(statement)),
    readTogether: (statements) => send(statements, () => statements.map(answer)),
  });
  return { sent, reads };
}

describe('the reads of one tick', () => {
  it('are sent together, and each is answered its own rows', async () => {
    const { sent, reads } = recorder();
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => reads.read(constant(name))));
    expect(answers.flat().map(({ text }) => text)).toEqual(["SELECT 'a'", "SELECT 'b'", "SELECT 'c'"]);
    expect(sent).toEqual([['a', 'b', 'c']]);
  });

  it('include those of callbacks that wait in the same queue', async () => {
    const { sent, reads } = recorder();
    await new Promise<void>((resolve) => {
      process.nextTick(() => void reads.read(constant('a')));
      process.nextTick(() => void reads.read(constant('b')).then(() => resolve()));
    });
    expect(sent).toEqual([['a', 'b']]);
  });

  it('are at most eight a round trip', async () => {
    const { sent, reads } = recorder();
    await Promise.all(Array.from({ length: 9 }, (_, index) => reads.read(constant(`r${index}`))));
    expect(sent.map((names) => names.length)).toEqual([8, 1]);
  });

  it('do not take a composed text along, which may be a long search', async () => {
    const { sent, reads } = recorder();
    await Promise.all([reads.read(constant('a')), reads.read(composed('search')), reads.read(constant('b'))]);
    expect(sent).toEqual([['search'], ['a', 'b']]);
  });

  it('fail each by itself', async () => {
    const { reads } = recorder();
    const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map((name) => reads.read(constant(name))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { message: "refused: SELECT 'bad'" } });
  });
});
