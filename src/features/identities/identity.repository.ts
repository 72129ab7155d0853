import { IdentityEntity } from './identity.entity';
import { saveProfileLeaves } from './profile-leaves.repository';
import { foldedRows } from '#src/features/users/folds/folded-rows';
import type { FieldColumns } from '#src/graphql/needed-columns';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const identityProperties = [
  'id',
  'userId',
  'position',
  'connection',
  'provider',
  'providerUserId',
  'isSocial',
  'profileData',
  'createdAt',
] as const;

export const identityColumns = columnsOf(IdentityEntity, 'i', identityProperties);

export type IdentityRow = RowOf<typeof identityColumns>;

/** What the fields of `Identity` take of a row. */
export const identityFieldColumns: FieldColumns<keyof IdentityRow> = {
  type: 'Identity',
  always: ['id', 'userId', 'connection'],
  resolved: { userId: ['providerUserId'], isPrimary: ['position'], profileData: ['profileData'] },
};

const byUsers: Read<{ readonly ids: readonly string[] }, IdentityRow> = {
  name: 'identities_by_users',
  build: (builder, dialect) =>
    builder
      .from(IdentityEntity, 'i')
      .where(dialect.anyOf('i.userId', ':ids'))
      .orderBy('i.userId')
      .addOrderBy('i.position'),
  select: identityColumns,
};

const byKey: Read<{ readonly connection: string; readonly providerUserId: string }, IdentityRow> = {
  name: 'identities_by_key',
  build: (builder) =>
    builder
      .from(IdentityEntity, 'i')
      .where('i.connection = :connection AND i.providerUserId = :providerUserId'),
  select: identityColumns,
};

/** The identities of each user, the primary first, in the order of the ids. */
export async function findIdentities(
  store: Store,
  userIds: readonly string[],
  only?: readonly string[],
): Promise<IdentityRow[][]> {
  const lists = new Map<string, IdentityRow[]>(userIds.map((id) => [id, []]));
  for (const row of await store.read(byUsers, { ids: userIds }, only)) lists.get(row.userId)?.push(row);
  return userIds.map((id) => lists.get(id) ?? []);
}

/** The identity with this id at its provider, whoever owns it. */
export async function findIdentity(
  store: Store,
  connection: string,
  providerUserId: string,
): Promise<IdentityRow | null> {
  return (await store.read(byKey, { connection, providerUserId }))[0] ?? null;
}

/** Ids of the next users with an identity of a connection, in order. */
export async function findUsersOfConnection(
  store: Store,
  connection: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const userId = store.column(IdentityEntity, 'userId', 'i');
  const rows = await store.query<{ userId: string }>(
    sql`SELECT DISTINCT ${userId} AS "userId" FROM ${store.table(IdentityEntity)} "i"
      WHERE ${store.column(IdentityEntity, 'connection', 'i')} = ${connection} AND ${userId} > ${after}
      ORDER BY ${userId} LIMIT ${limit}`,
    { userId: 'text' },
  );
  return rows.map((row) => row.userId);
}

/** Inserts the identity unless one with its key exists; answers whether it did. */
export async function insertIdentity(store: Store, identity: IdentityRow): Promise<boolean> {
  return (await store.insert(IdentityEntity, identity, { ignoreConflicts: true })) === 1;
}

/** What searches find it by goes with it. */
export async function deleteIdentity(store: Store, id: string): Promise<void> {
  await store.delete(IdentityEntity, { id });
}

export type IdentityMove = Pick<IdentityRow, 'userId' | 'position' | 'profileData'>;

/** What the provider of a linked identity says of the person now. */
export async function saveProfileData(
  store: Store,
  identity: Pick<IdentityRow, 'id' | 'userId'>,
  profileData: IdentityRow['profileData'],
): Promise<void> {
  await store.update(IdentityEntity, { id: identity.id }, { profileData });
  await saveProfileLeaves(store, identity, profileData);
}

/** Both metadata stores of the user that became an identity. */
export interface DiscardedMetadata {
  readonly user: Readonly<Record<string, unknown>>;
  readonly app: Readonly<Record<string, unknown>>;
}

const discardedColumns = columnsOf(IdentityEntity, 'i', ['id', 'discardedMetadata']);

const discardedByIds: Read<{ readonly ids: readonly string[] }, RowOf<typeof discardedColumns>> = {
  name: 'discarded_metadata_by_identities',
  build: (builder, dialect) => builder.from(IdentityEntity, 'i').where(dialect.anyOf('i.id', ':ids')),
  select: discardedColumns,
};

/** What linking took out of use, in the order of the ids; null where there is nothing. */
export async function findDiscarded(
  store: Store,
  ids: readonly string[],
): Promise<(DiscardedMetadata | null)[]> {
  const rows = await store.read(discardedByIds, { ids });
  const found = new Map(rows.map((row) => [row.id, row.discardedMetadata]));
  return ids.map((id) => (found.get(id) ?? null) as DiscardedMetadata | null);
}

/** Keeps the metadata that linking takes out of use beside the identity, or forgets it. */
export async function saveDiscarded(
  store: Store,
  id: string,
  discarded: DiscardedMetadata | null,
): Promise<void> {
  await store.update(
    IdentityEntity,
    { id },
    { discardedMetadata: discarded as IdentityEntity['discardedMetadata'] },
  );
}

/** Gives an identity to a user, at a position of that user's list. */
export async function moveIdentity(store: Store, id: string, move: IdentityMove): Promise<void> {
  await store.update(IdentityEntity, { id }, move);
  await saveProfileLeaves(store, { id, userId: move.userId }, move.profileData);
}

export async function reposition(store: Store, id: string, position: number): Promise<void> {
  await store.update(IdentityEntity, { id }, { position });
}

const { userId: _owner, ...foldedIdentity } = columnsOf(IdentityEntity, 'fi', identityProperties);

/** The identities of a user; the rows are without the user's id. */
export const foldedIdentities = foldedRows({
  name: 'identities',
  selection: foldedIdentity,
  orderBy: (context) => context.column(IdentityEntity, 'position', 'fi').sql,
  from: (context) =>
    `FROM "identities" "fi" WHERE ${context.column(IdentityEntity, 'userId', 'fi').sql} = "u"."id"`,
});
