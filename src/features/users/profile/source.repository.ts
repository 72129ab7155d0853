import { readSources, type AttributeSources } from './attribute-sources';
import { UserEntity } from '#src/features/users/user.entity';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const sourceColumns = columnsOf(UserEntity, 'u', ['id', 'attributeSources']);

const byIds: Read<{ readonly ids: readonly string[] }, RowOf<typeof sourceColumns>> = {
  name: 'attribute_sources_by_users',
  build: (builder, dialect) => builder.from(UserEntity, 'u').where(dialect.anyOf('u.id', ':ids')),
  select: sourceColumns,
};

/** Where the attributes of users came from, in the order of the ids. Not part of a user's row: few readers ask for it. */
export async function findSources(store: Store, ids: readonly string[]): Promise<AttributeSources[]> {
  const rows = await store.read(byIds, { ids });
  const found = new Map(rows.map((row) => [row.id, readSources(row.attributeSources)]));
  return ids.map((id) => found.get(id) ?? {});
}
