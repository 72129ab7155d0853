import { MetadataEntity } from './metadata.entity';
import { ofTexts, type StoredMetadata, type StoredTexts } from './stored-metadata';
import { foldedRows } from '#src/features/users/folds/folded-rows';
import type { FieldColumns } from '#src/graphql/needed-columns';
import { columnsOf, storedText } from '#src/storage/columns';
import type { Read, Store } from '#src/storage/store';

const columnsAs = (alias: string) => ({
  ...columnsOf(MetadataEntity, alias, ['bytes', 'version', 'updatedAt']),
  user: storedText(MetadataEntity, alias, 'userJson'),
  app: storedText(MetadataEntity, alias, 'appJson'),
});

const selection = { ...columnsOf(MetadataEntity, 'md', ['userId']), ...columnsAs('md') };

/** What the fields of `Metadata`, and those of users that look into it, take of a row. */
export const metadataFieldColumns: FieldColumns<keyof StoredTexts> = {
  type: 'Metadata',
  always: ['userId'],
  resolved: { user: ['user'], app: ['app'] },
  elsewhere: {
    'User.effectivePicture': ['user'],
    'User.pictureSource': ['user'],
    'User.profileBytes': ['user', 'app'],
  },
};

const byUsers: Read<{ readonly ids: readonly string[] }, StoredTexts> = {
  name: 'stored_metadata_by_users',
  build: (builder, dialect) => builder.from(MetadataEntity, 'md').where(dialect.anyOf('md.userId', ':ids')),
  select: selection,
};

/** The metadata of each user, in the order of the ids; null where a user has no row. `only`: the columns that are wanted. */
export async function findStoredMetadata(
  store: Store,
  userIds: readonly string[],
  only?: readonly string[],
): Promise<(StoredMetadata | null)[]> {
  const rows = new Map<string, StoredTexts>();
  for (const row of await store.read(byUsers, { ids: userIds }, only)) rows.set(row.userId, row);
  return userIds.map((id) => {
    const row = rows.get(id);
    return row ? ofTexts(id, row) : null;
  });
}

/** The metadata of a user as a fold: one row or none, which `ofTexts` completes. */
export const foldedMetadata = foldedRows({
  name: 'metadata',
  selection: columnsAs('fm'),
  from: (context) =>
    `FROM "user_metadata" "fm" WHERE ${context.column(MetadataEntity, 'userId', 'fm').sql} = "u"."id"`,
});
