import { orderedAlphanumerics, randomFor } from '#src/cli/seed/random';

describe('repeatable chance', () => {
  it('gives the same numbers for the same seed, stream and index', () => {
    const numbers = (): number[] => {
      const random = randomFor('seed', 'user', 7);
      return Array.from({ length: 20 }, () => random.fraction());
    };
    expect(numbers()).toEqual(numbers());
  });

  it.each([
    ['seed', randomFor('other', 'user', 7)],
    ['stream', randomFor('seed', 'organization', 7)],
    ['index', randomFor('seed', 'user', 8)],
    ['index beyond 32 bits', randomFor('seed', 'user', 7 + 2 ** 32)],
  ])('gives other numbers for another %s', (_, other) => {
    expect(randomFor('seed', 'user', 7).hexadecimal(32)).not.toBe(other.hexadecimal(32));
  });

  it('spreads its numbers evenly over neighbouring indexes', () => {
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index += 1) {
      const bucket = randomFor('seed', 'user', index).integer(0, 9);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    // Five standard deviations of a fair draw.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('stays within the bounds of integers, both included', () => {
    const random = randomFor('seed', 'bounds', 0);
    const drawn = new Set(Array.from({ length: 500 }, () => random.integer(3, 6)));
    expect([...drawn].sort()).toEqual([3, 4, 5, 6]);
  });

  it('samples different items, and all of them when more are asked for', () => {
    const random = randomFor('seed', 'sample', 0);
    expect(new Set(random.sample(['a', 'b', 'c', 'd'], 3)).size).toBe(3);
    expect(random.sample(['a', 'b'], 9).sort()).toEqual(['a', 'b']);
  });

  it('makes ids of 16 alphanumerics that sort by their number', () => {
    const ids = [0, 1, 61, 62, 3_843, 3_844, 4_000_000].map((number) =>
      orderedAlphanumerics(randomFor('seed', 'id', number), number),
    );
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{16}$/);
  });
});
