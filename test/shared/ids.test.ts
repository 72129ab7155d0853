import { idsOfSeries, randomIds, type IdPrefix } from '#src/shared/ids';

function taken(count: number, prefix: IdPrefix, ids = idsOfSeries(randomIds)): string[] {
  return Array.from({ length: count }, () => ids.next(prefix));
}

describe('ids of a series', () => {
  it('are of the form of all ids, and none comes twice', () => {
    const ids = taken(5_000, 'aud');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^aud_[A-Za-z0-9]{16}$/.test(id))).toEqual([]);
  });

  it('begin alike for one prefix, so that they stand together in an index', () => {
    const ids = idsOfSeries(randomIds);
    const beginnings = (['aud', 'idn'] as const).map((prefix) =>
      taken(50, prefix, ids).map((id) => id.slice(0, 10)),
    );
    expect(beginnings.map((some) => new Set(some).size)).toEqual([1, 1]);
    expect(beginnings[0]?.[0]?.slice(4)).not.toBe(beginnings[1]?.[0]?.slice(4));
  });

  it('begin otherwise in another series', () => {
    expect(new Set([...taken(1, 'idn'), ...taken(1, 'idn')].map((id) => id.slice(0, 10))).size).toBe(2);
  });
});
