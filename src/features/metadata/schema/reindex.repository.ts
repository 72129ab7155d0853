import { flatten } from '#src/features/metadata/flatten';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import type { StoreName } from '#src/features/metadata/metadata-store';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { insertLeaves } from '#src/features/metadata/metadata.repository';
import { isAtOrBelow } from '#src/features/metadata/related-paths';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

export interface ContentRow {
  readonly userId: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** One store of the next users by id, so that all can be walked in batches; locked where writers are not serialised. */
export function findContents(
  store: Store,
  name: StoreName,
  after: string,
  limit: number,
): Promise<ContentRow[]> {
  const at = (property: keyof MetadataEntity & string): Sql => store.column(MetadataEntity, property, 'md');
  const content = at(name === 'user' ? 'userJson' : 'appJson');
  return store.query<ContentRow>(
    sql`SELECT ${at('userId')} AS "userId", ${content} AS "content" FROM ${store.table(MetadataEntity)} AS md
      WHERE ${at('userId')} > ${after} ORDER BY ${at('userId')} LIMIT ${limit}${store.dialect.forUpdate}`,
    { userId: 'text', content: 'json' },
  );
}

/** Brings the leaves of these users at and below the paths to what `isIndexed` says. */
export async function reindexUsers(
  store: Store,
  name: StoreName,
  rows: readonly ContentRow[],
  paths: readonly string[],
  isIndexed: (path: string) => boolean,
): Promise<void> {
  const isMeant = (path: string): boolean => paths.some((above) => isAtOrBelow(path, above));
  const stored = rows.map(({ userId, content }) => ({
    userId,
    leaves: flatten(content).filter(({ path }) => isMeant(path)),
  }));
  const leafPaths = [...new Set(stored.flatMap(({ leaves }) => leaves.map(({ path }) => path)))];
  if (leafPaths.length === 0) return;
  const userId = stored.filter(({ leaves }) => leaves.length > 0).map((row) => row.userId);
  await store.delete(MetadataLeafEntity, { userId, store: name, path: leafPaths });
  for (const { userId: owner, leaves } of stored) await insertLeaves(store, owner, name, leaves, isIndexed);
}
