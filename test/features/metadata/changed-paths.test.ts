import { changedPaths, mergedPaths, touchedPaths } from '#src/features/metadata/changed-paths';

describe('paths of a change', () => {
  it('are as deep as both sides are objects, and an array is one value', () => {
    expect(
      changedPaths({ a: { b: 1, c: [1] }, d: { e: 1 } }, { a: { b: 2, c: [2] }, d: 'x', n: { o: 1 } }),
    ).toEqual(['a.b', 'a.c', 'd', 'n']);
  });

  it('do not count the order of members', () => {
    expect(changedPaths({ a: [{ x: 1, y: 2 }] }, { a: [{ y: 2, x: 1 }] })).toEqual([]);
  });

  it('of a value name every container and drop positions in arrays', () => {
    expect(touchedPaths({ a: [{ b: 1 }, { c: { d: null } }] })).toEqual(['a', 'a.b', 'a.c', 'a.c.d']);
  });

  it('of a deep merge leave containers out, but not what is inside a list', () => {
    expect(mergedPaths({ a: { b: null, c: [{ d: 1 }], e: {} }, f: 1 })).toEqual(['a.b', 'a.c', 'a.c.d', 'f']);
  });
});
