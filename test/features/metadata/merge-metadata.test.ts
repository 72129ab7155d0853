import { fillGaps, mergeMetadata } from '#src/features/metadata/merge-metadata';

describe('MERGE_SHALLOW', () => {
  it('M1: adds a member and keeps the others', () => {
    expect(mergeMetadata({ hobby: 'surfing' }, { addresses: { home: 'x' } }, 'MERGE_SHALLOW')).toEqual({
      hobby: 'surfing',
      addresses: { home: 'x' },
    });
  });

  it('M2: replaces a whole top-level member', () => {
    const stored = { addresses: { home: 'x' } };
    expect(mergeMetadata(stored, { addresses: { work: 'y' } }, 'MERGE_SHALLOW')).toEqual({
      addresses: { work: 'y' },
    });
    expect(stored).toEqual({ addresses: { home: 'x' } });
  });

  it('M3: null removes a member', () => {
    expect(mergeMetadata({ hobby: 'surfing', a: 1 }, { hobby: null }, 'MERGE_SHALLOW')).toEqual({ a: 1 });
  });

  it('M4: an empty patch clears the store', () => {
    expect(mergeMetadata({ hobby: 'surfing' }, {}, 'MERGE_SHALLOW')).toEqual({});
  });

  it('keeps a nested null inside a replaced member', () => {
    expect(mergeMetadata({}, { a: { b: null } }, 'MERGE_SHALLOW')).toEqual({ a: { b: null } });
  });
});

describe('MERGE_DEEP', () => {
  // RFC 7396, appendix A; the rows whose target or patch is no object do not apply to a store.
  const cases: readonly [object, object, object][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];

  it.each(cases)('merges %j with %j into %j', (stored, patch, expected) => {
    expect(mergeMetadata({ ...stored }, { ...patch }, 'MERGE_DEEP')).toEqual(expected);
  });

  it('M2: keeps both addresses', () => {
    expect(mergeMetadata({ addresses: { home: 'x' } }, { addresses: { work: 'y' } }, 'MERGE_DEEP')).toEqual({
      addresses: { home: 'x', work: 'y' },
    });
  });

  it('M4: an empty patch changes nothing', () => {
    expect(mergeMetadata({ hobby: 'surfing' }, {}, 'MERGE_DEEP')).toEqual({ hobby: 'surfing' });
  });

  it('does not take an inherited name for a stored member', () => {
    expect(mergeMetadata({}, { toString: { a: 1 } }, 'MERGE_DEEP')).toEqual({ toString: { a: 1 } });
  });
});

describe('REPLACE', () => {
  it('stores the patch itself', () => {
    expect(mergeMetadata({ a: 1 }, { b: null }, 'REPLACE')).toEqual({ b: null });
  });
});

describe('filling gaps', () => {
  it('keeps every value of the primary and takes only what it lacks', () => {
    const primary = { color: 'red', nested: { a: 1 }, list: [1] };
    const other = { color: 'blue', size: 3, nested: { a: 2, b: 2 }, list: [1, 2] };
    expect(fillGaps(primary, other)).toEqual({ color: 'red', size: 3, nested: { a: 1, b: 2 }, list: [1] });
  });
});
