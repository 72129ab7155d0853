import fc from 'fast-check';
import { changedPaths } from '#src/features/metadata/changed-paths';
import { mergeMetadata } from '#src/features/metadata/merge-metadata';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Members = Record<string, Json>;

const key = fc.constantFrom('a', 'b', 'c', 'toString');
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, true, 0, 1, '', 'x'),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const store: fc.Arbitrary<Members> = fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });

const isObject = (given: Json | undefined): given is Members =>
  given !== null && typeof given === 'object' && !Array.isArray(given);

/** What the table of merge modes says, word for word: one member at a time, on a copy. */
function naiveShallow(stored: Members, patch: Members): Members {
  const members = new Map(Object.entries(structuredClone(stored)));
  if (Object.entries(patch).length === 0) return {};
  for (const [name, given] of Object.entries(patch)) {
    if (given === null) members.delete(name);
    else members.set(name, structuredClone(given));
  }
  return Object.fromEntries(members);
}

/** RFC 7396 as it is written: the target is made an object, then each member of the patch is applied. */
function naiveDeep(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return structuredClone(patch);
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, given] of Object.entries(patch)) {
    if (given === null) members.delete(name);
    else members.set(name, naiveDeep(members.get(name), given));
  }
  return Object.fromEntries(members);
}

describe('merge modes', () => {
  it('M1 M3 M4 MERGE_SHALLOW does what its table says', () => {
    fc.assert(
      fc.property(store, store, (stored, patch) => {
        expect(mergeMetadata(stored, patch, 'MERGE_SHALLOW')).toEqual(naiveShallow(stored, patch));
      }),
    );
  });

  it('M2 M4 MERGE_DEEP does what RFC 7396 says', () => {
    fc.assert(
      fc.property(store, store, (stored, patch) => {
        expect(mergeMetadata(stored, patch, 'MERGE_DEEP')).toEqual(naiveDeep(stored, patch));
      }),
    );
  });

  it('change neither what is stored nor the patch, and a patch applied twice changes nothing more', () => {
    const modes = fc.constantFrom('MERGE_SHALLOW' as const, 'MERGE_DEEP' as const, 'REPLACE' as const);
    fc.assert(
      fc.property(store, store, modes, (stored, patch, mode) => {
        const copies = structuredClone([stored, patch]);
        const once = mergeMetadata(stored, patch, mode);
        expect([stored, patch]).toEqual(copies);
        expect(changedPaths(once, mergeMetadata(once, patch, mode))).toEqual([]);
      }),
    );
  });
});
