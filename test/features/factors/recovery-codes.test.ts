import {
  hashCodes,
  hashLike,
  newCodes,
  normalizedCode,
} from '#src/features/factors/recovery-codes/recovery-codes';
import { newOneTimeCode, isSameCode } from '#src/features/factors/enrollments/one-time-codes';
import { randomIds } from '#src/shared/ids';

const queue = { run: <Result>(work: () => Promise<Result>): Promise<Result> => work() };

describe('recovery codes', () => {
  it('are ten different ones of ten letters of base 32', () => {
    const codes = newCodes(randomIds);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[A-Z2-7]{5}-[A-Z2-7]{5}$/);
  });

  it.each([
    ['abcde-fghij', 'ABCDEFGHIJ'],
    [' ABCDE FGHIJ ', 'ABCDEFGHIJ'],
    ['abcdefghij', 'ABCDEFGHIJ'],
    ['abcde-fghi', null],
    ['abcde-fghi1', null],
    ['abcde-fghijk', null],
    ['', null],
  ])('%j is read as %j', (typed, code) => {
    expect(normalizedCode(typed)).toBe(code);
  });

  it('are hashed slowly, with one salt for a set and another for the next', async () => {
    const [first = '', second = ''] = newCodes(randomIds);
    const [one = '', two = ''] = await hashCodes(queue, randomIds, [first, second]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one.split('$')[4]).toBe(two.split('$')[4]);
    expect(await hashLike(queue, two, normalizedCode(first) ?? '')).toBe(one);
    expect(await hashCodes(queue, randomIds, [first])).not.toContain(one);
  });
});

describe('a code that is sent', () => {
  it('has six digits, and is compared whole', () => {
    const code = newOneTimeCode(randomIds);
    expect(code).toMatch(/^\d{6}$/);
    expect([
      isSameCode(code, ` ${code} `),
      isSameCode(code, code.slice(1)),
      isSameCode('', ''),
      isSameCode(code, ''),
    ]).toEqual([true, false, false, false]);
  });
});
