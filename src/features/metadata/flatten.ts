import { createHash } from 'node:crypto';
import { isObject, type MetadataObject } from './metadata-store';

/** One searchable value of a metadata store. */
export type Leaf =
  | { readonly path: string; readonly kind: 'text'; readonly value: string }
  | { readonly path: string; readonly kind: 'number'; readonly value: number }
  | { readonly path: string; readonly kind: 'boolean'; readonly value: boolean };

/** Separates path, kind and value in a leaf's key; no metadata text may hold it. */
const separator = '\u0000';

/** Names a leaf among the leaves of one store. */
export function leafKey(leaf: Leaf): string {
  return [leaf.path, leaf.kind, String(leaf.value)].join(separator);
}

/**
 * The scalar values of a store under their dotted paths, each once. Array positions are dropped, so `{a: [{b: 1}, {b: 2}]}` has
 * two leaves at `a.b`. Null, `[]` and `{}` have none: such a member does not exist for a search. `spell` says how a key is written
 * in a path, for objects whose keys may hold dots.
 */
export function flatten(
  store: MetadataObject,
  spell: (key: string) => string = (key) => key,
): readonly Leaf[] {
  const leaves: Leaf[] = [];
  addLeaves(leaves, store, '', spell);
  // Mostly no path has two values: then none need be compared.
  if (new Set(leaves.map(({ path }) => path)).size === leaves.length) return leaves;
  return [...new Map(leaves.map((leaf) => [leafKey(leaf), leaf])).values()];
}

function addLeaves(leaves: Leaf[], value: unknown, path: string, spell: (key: string) => string): void {
  if (Array.isArray(value)) {
    for (const item of value) addLeaves(leaves, item, path, spell);
  } else if (isObject(value)) {
    for (const key of Object.keys(value))
      addLeaves(leaves, value[key], path === '' ? spell(key) : `${path}.${spell(key)}`, spell);
  } else if (typeof value === 'string') {
    leaves.push({ path, kind: 'text', value });
  } else if (typeof value === 'number') {
    // -0 and 0 are one JSON number.
    leaves.push({ path, kind: 'number', value: value === 0 ? 0 : value });
  } else if (typeof value === 'boolean') {
    leaves.push({ path, kind: 'boolean', value });
  }
}

export interface LeafChange {
  readonly removed: readonly Leaf[];
  readonly added: readonly Leaf[];
}

/** What has to be removed and added so that the leaves of `before` become those of `after`. */
export function compareLeaves(before: MetadataObject, after: MetadataObject): LeafChange {
  const old = new Map(flatten(before).map((leaf) => [leafKey(leaf), leaf]));
  const next = new Map(flatten(after).map((leaf) => [leafKey(leaf), leaf]));
  return {
    removed: [...old].filter(([key]) => !next.has(key)).map(([, leaf]) => leaf),
    added: [...next].filter(([key]) => !old.has(key)).map(([, leaf]) => leaf),
  };
}

/** A longer path is not searchable; bytes of UTF-8. */
const longestPath = 512;
/** So many code points of a text stand in the index; a longer text is told apart by its hash. */
const indexedCodePoints = 256;

/** Whether a search can find values under the path. */
export function isSearchablePath(path: string): boolean {
  // A unit of the text has three bytes at most.
  return path.length * 3 <= longestPath || Buffer.byteLength(path) <= longestPath;
}

/** A text as the index keeps it; the hash is null where the text is kept whole. */
export function indexedText(text: string): { readonly textValue: string; readonly textHash: string | null } {
  if (text.length <= indexedCodePoints) return { textValue: text, textHash: null };
  const points = [...text];
  if (points.length <= indexedCodePoints) return { textValue: text, textHash: null };
  return { textValue: points.slice(0, indexedCodePoints).join(''), textHash: textHash(text) };
}

/** The columns of a leaf's value. */
export function leafValues(leaf: Leaf): {
  readonly textValue: string | null;
  readonly textHash: string | null;
  readonly numberValue: number | null;
} {
  if (leaf.kind === 'text') {
    const { textValue, textHash } = indexedText(leaf.value);
    return { textValue, textHash, numberValue: null };
  }
  return { textValue: null, textHash: null, numberValue: Number(leaf.value) };
}

/** Hexadecimal SHA-256 of a long text, for equality where only its beginning is indexed. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
