import fc from 'fast-check';
import { compareLeaves, flatten, leafKey } from '#src/features/metadata/flatten';
import { changedPaths } from '#src/features/metadata/changed-paths';
import type { MetadataObject } from '#src/features/metadata/metadata-store';
import { valueAt, withValueAt } from '#src/features/metadata/metadata-path';

const key = fc.constantFrom('a', 'b', 'color', 'é', 'toString');
const { store } = fc.letrec<{ store: MetadataObject; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('store'),
  ),
  store: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

/** A naive collector to hold `flatten` against: scalars by path, from the JSON text of the store. */
function naiveLeaves(json: string): Set<string> {
  const leaves = new Set<string>();
  const walk = (value: unknown, path: string[]): void => {
    if (value === null) return;
    if (typeof value !== 'object')
      leaves.add(
        [path.join('.'), typeof value === 'string' ? 'text' : typeof value, String(value)].join('\u0000'),
      );
    else
      Object.entries(value).forEach(([name, item]) =>
        walk(item, Array.isArray(value) ? path : [...path, name]),
      );
  };
  walk(JSON.parse(json), []);
  return leaves;
}

describe('flattening metadata', () => {
  it('gives the scalar values of the store, each once', () => {
    fc.assert(
      fc.property(store, (value) => {
        const keys = flatten(value).map(leafKey);
        expect(new Set(keys).size).toBe(keys.length);
        expect(new Set(keys)).toEqual(naiveLeaves(JSON.stringify(value)));
      }),
    );
  });

  it('turns the leaves of one store into those of another by the difference', () => {
    fc.assert(
      fc.property(store, store, (before, after) => {
        const { removed, added } = compareLeaves(before, after);
        const keys = new Set(flatten(before).map(leafKey));
        for (const leaf of removed) expect(keys.delete(leafKey(leaf))).toBe(true);
        for (const leaf of added) keys.add(leafKey(leaf));
        expect(keys).toEqual(new Set(flatten(after).map(leafKey)));
      }),
    );
  });

  it('finds no difference in equal stores and every changed leaf below a changed path', () => {
    fc.assert(
      fc.property(store, store, (before, after) => {
        expect(changedPaths(before, structuredClone(before))).toEqual([]);
        const paths = changedPaths(before, after);
        for (const leaf of compareLeaves(before, after).added) {
          expect(paths.some((path) => leaf.path === path || leaf.path.startsWith(`${path}.`))).toBe(true);
        }
      }),
    );
  });

  it('reads back what was set at a path', () => {
    fc.assert(
      fc.property(store, fc.array(key, { minLength: 1, maxLength: 4 }), fc.integer(), (value, keys, set) => {
        const path = keys.join('.');
        // A path into a list is refused, which has a test of its own.
        fc.pre(
          keys.every((_key, index) => !Array.isArray(valueAt(value, keys.slice(0, index + 1).join('.')))),
        );
        expect(valueAt(withValueAt(value, path, set), path)).toBe(set);
        expect(valueAt(withValueAt(value, path, null), path)).toBeNull();
      }),
    );
  });

  it('drops array positions and gives nothing for null, [] and {}', () => {
    expect(flatten({ a: [{ b: 1 }, { b: 2 }], n: null, l: [], o: {}, t: '' })).toEqual([
      { path: 'a.b', kind: 'number', value: 1 },
      { path: 'a.b', kind: 'number', value: 2 },
      { path: 't', kind: 'text', value: '' },
    ]);
  });
});
