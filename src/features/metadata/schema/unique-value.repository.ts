import { createHash } from 'node:crypto';
import { flatten } from '#src/features/metadata/flatten';
import type { MetadataObject, StoreName } from '#src/features/metadata/metadata-store';
import { MetadataUniqueValueEntity } from '#src/features/metadata/schema/metadata-unique-value.entity';
import type { Store } from '#src/storage/store';

export interface UniqueValue {
  readonly path: string;
  readonly valueHash: string;
}

/** The values of a store at these paths, each once. */
export function uniqueValues(content: MetadataObject, paths: readonly string[]): readonly UniqueValue[] {
  const wanted = new Set(paths);
  return flatten(content)
    .filter((leaf) => wanted.has(leaf.path))
    .map(({ path, kind, value }) => ({ path, valueHash: hash(`${kind}:${String(value)}`) }));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reserves the values of a user at these paths and gives up those it no longer has. Answers false when another user has one: then
 * the transaction has to be undone. The primary key decides between writers at the same moment.
 */
export async function reserveUniqueValues(
  store: Store,
  owner: { readonly userId: string; readonly store: StoreName },
  paths: readonly string[],
  values: readonly UniqueValue[],
): Promise<boolean> {
  await store.delete(MetadataUniqueValueEntity, { userId: owner.userId, store: owner.store, path: paths });
  if (values.length === 0) return true;
  const rows = values.map(({ path, valueHash }) => ({
    store: owner.store,
    path,
    valueHash,
    userId: owner.userId,
  }));
  return (await store.insert(MetadataUniqueValueEntity, rows, { ignoreConflicts: true })) === rows.length;
}

/** Gives up everything that a user has reserved. */
export async function releaseUniqueValues(store: Store, userId: string): Promise<void> {
  await store.delete(MetadataUniqueValueEntity, { userId });
}

/** Forgets what is reserved at paths of a store, whoever has it. */
export async function forgetUniquePaths(
  store: Store,
  name: StoreName,
  paths: readonly string[],
): Promise<void> {
  if (paths.length > 0) await store.delete(MetadataUniqueValueEntity, { store: name, path: paths });
}

/** Reserves values of many users; false when one is taken, by another of them too. */
export async function insertUniqueValues(
  store: Store,
  name: StoreName,
  values: readonly (UniqueValue & { readonly userId: string })[],
): Promise<boolean> {
  if (values.length === 0) return true;
  const rows = values.map(({ path, valueHash, userId }) => ({ store: name, path, valueHash, userId }));
  return (await store.insert(MetadataUniqueValueEntity, rows, { ignoreConflicts: true })) === rows.length;
}
