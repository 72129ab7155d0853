import { GroupMappingEntity } from './group-mapping.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { GroupMemberEntity } from '#src/features/groups/members/group-member.entity';
import { refuseTaken } from '#src/storage/refuse-taken';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const mappingSelection = {
  ...columnsOf(GroupMappingEntity, 'gm', ['id', 'groupId', 'connectionId', 'groupName', 'createdAt']),
  connectionName: column(ConnectionEntity, 'c', 'name'),
};
export type GroupMappingRow = RowOf<typeof mappingSelection>;

const mappingsByGroup: Read<{ ids: readonly string[] }, GroupMappingRow> = {
  name: 'mappings_by_group',
  build: (builder, dialect) =>
    builder
      .from(GroupMappingEntity, 'gm')
      .innerJoin(ConnectionEntity, 'c', 'c.id = gm.connectionId')
      .where(dialect.anyOf('gm.groupId', ':ids'))
      .orderBy('gm.createdAt')
      .addOrderBy('gm.id'),
  select: mappingSelection,
};

export function findMappingsOfGroups(store: Store, groupIds: readonly string[]): Promise<GroupMappingRow[]> {
  return store.read(mappingsByGroup, { ids: groupIds });
}

/** Which mapping put the user into its group at an earlier sign-in is told with it. */
export interface ConnectionMappingRow {
  readonly id: string;
  readonly groupId: string;
  readonly groupName: string;
  readonly connectionId: string;
  readonly isMember: boolean;
}

/** Every mapping of a connection. The name of the connection is the only way in: mappings of others are not looked at. */
export function findMappingsOfConnection(
  store: Store,
  connectionName: string,
  userId: string,
  options: { readonly timeoutMs?: number } = {},
): Promise<ConnectionMappingRow[]> {
  const at = (property: keyof GroupMappingEntity & string): Sql =>
    store.column(GroupMappingEntity, property, 'gm');
  const member = (property: keyof GroupMemberEntity & string): Sql =>
    store.column(GroupMemberEntity, property, 'm');
  return store.query<ConnectionMappingRow>(
    sql`SELECT ${at('id')} AS "id", ${at('groupId')} AS "groupId", ${at('groupName')} AS "groupName", ${at('connectionId')} AS "connectionId",
        EXISTS (SELECT 1 FROM ${store.table(GroupMemberEntity)} AS m WHERE ${member('groupId')} = ${at('groupId')}
          AND ${member('userId')} = ${userId} AND ${member('source')} = ${at('id')}) AS "isMember"
      FROM ${store.table(GroupMappingEntity)} AS gm
      JOIN ${store.table(ConnectionEntity)} AS c ON ${store.column(ConnectionEntity, 'id', 'c')} = ${at('connectionId')}
      WHERE ${store.column(ConnectionEntity, 'name', 'c')} = ${connectionName} ORDER BY ${at('id')}`,
    { id: 'text', groupId: 'text', groupName: 'text', connectionId: 'text', isMember: 'boolean' },
    options,
  );
}

const anyOfConnection: Read<{ readonly name: string }, { readonly id: string }> = {
  name: 'any_group_mapping_of_connection',
  build: (builder) =>
    builder
      .from(GroupMappingEntity, 'gm')
      .innerJoin(ConnectionEntity, 'c', 'c.id = gm.connectionId')
      .where('c.name = :name')
      .limit(1),
  select: columnsOf(GroupMappingEntity, 'gm', ['id']),
};

/** Whether a connection has mappings. */
export async function hasMappings(store: Store, connectionName: string): Promise<boolean> {
  const rows = await store.kept(`group mappings of ${connectionName}`, () =>
    store.read(anyOfConnection, { name: connectionName }),
  );
  return rows.length > 0;
}

export async function findMappingGroup(store: Store, id: string): Promise<string | null> {
  const [row] = await store.query<{ groupId: string }>(
    sql`SELECT ${store.column(GroupMappingEntity, 'groupId', 'gm')} AS "groupId" FROM ${store.table(GroupMappingEntity)} AS gm
      WHERE ${store.column(GroupMappingEntity, 'id', 'gm')} = ${id}`,
    { groupId: 'text' },
  );
  return row?.groupId ?? null;
}

export async function insertMapping(store: Store, row: GroupMappingEntity): Promise<void> {
  const taken = { field: 'groupName', message: 'The group has this mapping already.' };
  await refuseTaken(taken, () => store.insert(GroupMappingEntity, row));
}

/** Whoever is in a group by the mapping alone is in it no longer. */
export async function deleteMapping(store: Store, id: string): Promise<void> {
  await store.delete(GroupMappingEntity, { id });
  await store.execute(sql`DELETE FROM ${store.table(GroupMemberEntity)} WHERE "source" = ${id}`);
}

/** Puts a user into groups and out of others, as the mappings of one sign-in say. */
export async function replaceMapped(
  store: Store,
  userId: string,
  changes: {
    readonly added: readonly Pick<ConnectionMappingRow, 'id' | 'groupId'>[];
    readonly removed: readonly Pick<ConnectionMappingRow, 'id'>[];
    readonly now: number;
  },
): Promise<void> {
  const { added, removed, now } = changes;
  if (removed.length > 0)
    await store.delete(GroupMemberEntity, { userId, source: removed.map(({ id }) => id) });
  const rows = added.map(({ id, groupId }) => ({ groupId, userId, source: id, createdAt: now }));
  if (rows.length > 0) await store.insert(GroupMemberEntity, rows, { ignoreConflicts: true });
}
