import { flatten, isSearchablePath, leafValues, type Leaf } from '#src/features/metadata/flatten';

/** The path of a leaf below keys; no two lists of keys have the same. */
export function leafPath(keys: readonly string[]): string {
  return keys.map(escapeKey).join('.');
}

function escapeKey(key: string): string {
  return key.replace(/[\\.]/g, '\\$&');
}

export interface LeafOwner {
  /** Of the identity. */
  readonly id: string;
  readonly userId: string;
}

/** The rows that searches find an identity's profile data by. Numbers and texts that no query can name have none. */
export function profileLeafRows({ id, userId }: LeafOwner, profileData: object | null) {
  return flatten((profileData ?? {}) as Readonly<Record<string, unknown>>, escapeKey)
    .filter((leaf) => isSearchablePath(leaf.path) && isComparable(leaf))
    .map((leaf) => ({ identityId: id, userId, path: leaf.path, kind: leaf.kind, ...leafValues(leaf) }));
}

/** What no database keeps as text: the character NUL and halves of characters. */
const unstorable = /\0|\p{Surrogate}/u;

function isComparable(leaf: Leaf): boolean {
  if (unstorable.test(leaf.path)) return false;
  return leaf.kind === 'text' ? !unstorable.test(leaf.value) : Number.isFinite(Number(leaf.value));
}
