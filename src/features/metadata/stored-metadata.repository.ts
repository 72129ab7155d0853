import { MetadataEntity } from './metadata.entity';
import type { MetadataRow } from './metadata.repository';
import { foldedRows } from '#src/features/users/folds/folded-rows';
import type { FieldColumns } from '#src/graphql/needed-columns';
import { JsonText } from '#src/shared/json-text';
import { columnsOf, storedText } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

/** The metadata of a user for answers, which mostly hold a store as it is: it is parsed only when somebody looks into it. */
export interface StoredMetadata extends Pick<MetadataRow, 'userId' | 'bytes' | 'version' | 'updatedAt'> {
  readonly user: JsonText;
  readonly app: JsonText;
}

const columnsAs = (alias: string) => ({
  ...columnsOf(MetadataEntity, alias, ['bytes', 'version', 'updatedAt']),
  user: storedText(MetadataEntity, alias, 'userJson'),
  app: storedText(MetadataEntity, alias, 'appJson'),
});

const selection = { ...columnsOf(MetadataEntity, 'md', ['userId']), ...columnsAs('md') };

type TextRow = RowOf<typeof selection>;

/** What the fields of `Metadata`, and those of users that look into it, take of a row. */
export const metadataFieldColumns: FieldColumns<keyof TextRow> = {
  type: 'Metadata',
  always: ['userId'],
  resolved: { user: ['user'], app: ['app'] },
  elsewhere: {
    'User.effectivePicture': ['user'],
    'User.pictureSource': ['user'],
    'User.profileBytes': ['user', 'app'],
  },
};

const byUsers: Read<{ readonly ids: readonly string[] }, TextRow> = {
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
  const rows = new Map<string, TextRow>();
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

/** Written out: an object that is spread into another has a form of its own each time, which all that reads it has to learn anew. */
export function ofTexts(userId: string, row: Omit<TextRow, 'userId'>): StoredMetadata {
  const { bytes, version, updatedAt } = row;
  return { userId, user: new JsonText(row.user), app: new JsonText(row.app), bytes, version, updatedAt };
}

/** What was just written, or the empty stores of a user without a row. */
export function ofRow({ userId, userJson, appJson, bytes, version, updatedAt }: MetadataRow): StoredMetadata {
  return { userId, user: JsonText.of(userJson), app: JsonText.of(appJson), bytes, version, updatedAt };
}
