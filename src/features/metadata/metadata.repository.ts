import { flatten, isSearchablePath, leafValues, type Leaf, type LeafChange } from './flatten';
import { MetadataLeafEntity } from './metadata-leaf.entity';
import type { MetadataObject, StoreName } from './metadata-store';
import { MetadataEntity } from './metadata.entity';
import { columnsOf, expression } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const metadataColumns = columnsOf(MetadataEntity, 'md', [
  'userId',
  'userJson',
  'appJson',
  'bytes',
  'version',
  'updatedAt',
]);

export type MetadataRow = RowOf<typeof metadataColumns>;

const byUsers: Read<{ readonly ids: readonly string[] }, MetadataRow> = {
  name: 'metadata_by_users',
  build: (builder, dialect) => builder.from(MetadataEntity, 'md').where(dialect.anyOf('md.userId', ':ids')),
  select: metadataColumns,
};

/** The metadata of each user, in the order of the ids; null where a user has no row. For answers: `stored-metadata.repository.ts`. */
export async function findMetadata(
  store: Store,
  userIds: readonly string[],
): Promise<(MetadataRow | null)[]> {
  const found = await store.read(byUsers, { ids: userIds });
  const rows = new Map(found.map((row) => [row.userId, row]));
  return userIds.map((id) => rows.get(id) ?? null);
}

/** What a user without a row has. */
export function emptyMetadata(userId: string): MetadataRow {
  return { userId, userJson: {}, appJson: {}, bytes: 4, version: 0, updatedAt: 0 };
}

const forWrite: Read<{ readonly id: string }, MetadataRow & { readonly policyVersion: number }> = {
  name: 'metadata_for_write',
  build: (builder) => builder.from(MetadataEntity, 'md').where('md.userId = :id'),
  select: {
    ...metadataColumns,
    // Stored rules belong to a later feature, so their table is named here by text.
    policyVersion: expression<number>('(SELECT "version" FROM "policy_state" WHERE "id" = 1)', 'integer'),
  },
};

/** The metadata of a user who is locked, with the version of the stored rules at this moment. */
export async function findForWrite(
  store: Store,
  id: string,
): Promise<{ readonly row: MetadataRow; readonly policyVersion: number } | null> {
  const [found] = await store.read(forWrite, { id });
  if (!found) return null;
  const { policyVersion, ...row } = found;
  return { row, policyVersion };
}

/** Stores both objects; the row is made when the user has none. */
export async function saveMetadata(store: Store, row: MetadataRow): Promise<void> {
  await store.upsert(MetadataEntity, row, ['userId']);
}

/** Brings the searchable leaves of one store from what they were to what they are; untouched paths are left alone. */
export async function saveLeaves(
  store: Store,
  userId: string,
  name: StoreName,
  change: LeafChange,
  after: MetadataObject,
  isIndexed: (path: string) => boolean,
): Promise<void> {
  const emptied = new Set(change.removed.map((leaf) => leaf.path));
  if (emptied.size > 0) {
    await store.delete(MetadataLeafEntity, { userId, store: name, path: [...emptied] });
  }
  const kept = emptied.size === 0 ? [] : flatten(after).filter((leaf) => emptied.has(leaf.path));
  const added = change.added.filter((leaf) => !emptied.has(leaf.path));
  await insertLeaves(store, userId, name, [...kept, ...added], isIndexed);
}

/** All searchable leaves of a user. */
export async function deleteLeaves(store: Store, userId: string): Promise<void> {
  await store.delete(MetadataLeafEntity, { userId });
}

export async function insertLeaves(
  store: Store,
  userId: string,
  name: StoreName,
  leaves: readonly Leaf[],
  isIndexed: (path: string) => boolean = () => true,
): Promise<void> {
  const rows = leaves
    .filter((leaf) => isSearchablePath(leaf.path) && isIndexed(leaf.path))
    .map((leaf) => leafRow(userId, name, leaf));
  if (rows.length > 0) await store.insert(MetadataLeafEntity, rows);
}

function leafRow(userId: string, store: StoreName, leaf: Leaf): MetadataLeafEntity {
  const { path, kind } = leaf;
  const { textValue, textHash, numberValue } = leafValues(leaf);
  return { userId, store, path, kind, textValue, textHash, numberValue };
}
