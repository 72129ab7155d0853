import { GroupRoleEntity } from './group-role.entity';
import { GroupEntity } from '#src/features/groups/group.entity';
import { GroupClosureEntity } from '#src/features/groups/nesting/group-closure.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { roleColumns } from '#src/features/roles/role-columns';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const groupRoleSelection = { ...roleColumns, groupId: column(GroupRoleEntity, 'gr', 'groupId') };
export type GroupRoleRow = RowOf<typeof groupRoleSelection>;

const rolesByGroup: Read<{ ids: readonly string[] }, GroupRoleRow> = {
  name: 'roles_by_group',
  build: (builder, dialect) =>
    builder
      .from(GroupRoleEntity, 'gr')
      .innerJoin(RoleEntity, 'r', 'r.id = gr.roleId')
      .where(dialect.anyOf('gr.groupId', ':ids'))
      .orderBy('r.nameFolded')
      .addOrderBy('r.id'),
  select: groupRoleSelection,
};

/** The roles of each group itself, in the order of their names. */
export function findRolesOfGroups(store: Store, groupIds: readonly string[]): Promise<GroupRoleRow[]> {
  return store.read(rolesByGroup, { ids: groupIds });
}

const grantedSelection = {
  ...columnsOf(RoleEntity, 'r', ['id', 'name', 'type', 'applicationId', 'organizationId']),
};
export type GrantedRoleRow = RowOf<typeof grantedSelection>;

const rolesAbove: Read<{ ids: readonly string[] }, GrantedRoleRow> = {
  name: 'roles_above_groups',
  build: (builder, dialect) =>
    builder
      .from(GroupClosureEntity, 'gc')
      .innerJoin(GroupRoleEntity, 'gr', 'gr.groupId = gc.ancestorId')
      .innerJoin(RoleEntity, 'r', 'r.id = gr.roleId')
      .where(dialect.anyOf('gc.descendantId', ':ids')),
  select: grantedSelection,
};

/** What being in any of the groups brings: their roles and those of all groups above. A role may come several times. */
export function findRolesAbove(store: Store, groupIds: readonly string[]): Promise<GrantedRoleRow[]> {
  return store.read(rolesAbove, { ids: groupIds });
}

const rolesById: Read<{ ids: readonly string[] }, GrantedRoleRow> = {
  name: 'roles_for_groups',
  build: (builder, dialect) => builder.from(RoleEntity, 'r').where(dialect.anyOf('r.id', ':ids')),
  select: grantedSelection,
};

export function findRolesForGroups(store: Store, roleIds: readonly string[]): Promise<GrantedRoleRow[]> {
  return store.read(rolesById, { ids: roleIds });
}

export function insertGroupRoles(store: Store, groupId: string, roleIds: readonly string[]): Promise<number> {
  const rows = roleIds.map((roleId) => ({ groupId, roleId }));
  return store.insert(GroupRoleEntity, rows, { ignoreConflicts: true });
}

export function deleteGroupRoles(store: Store, groupId: string, roleIds: readonly string[]): Promise<number> {
  return store.delete(GroupRoleEntity, { groupId, roleId: roleIds });
}

export interface GroupRoleCounts {
  /** Of this group. */
  readonly roles: number;
  /** Different roles of all groups beside it. */
  readonly distinctRoles: number;
  readonly groupsWithRoles: number;
}

/** How many roles groups have: this one, and all of the same organization or of the deployment. */
export async function countGroupRoles(
  store: Store,
  { id, organizationId }: { readonly id: string; readonly organizationId: string | null },
): Promise<GroupRoleCounts> {
  const at = (property: keyof GroupRoleEntity & string): Sql => store.column(GroupRoleEntity, property, 'gr');
  const of = store.column(GroupEntity, 'organizationId', 'g');
  const beside = organizationId === null ? sql`${of} IS NULL` : sql`${of} = ${organizationId}`;
  const [row] = await store.query<GroupRoleCounts>(
    sql`SELECT COUNT(DISTINCT ${at('roleId')}) AS "distinctRoles", COUNT(DISTINCT ${at('groupId')}) AS "groupsWithRoles",
        COALESCE(SUM(CASE WHEN ${at('groupId')} = ${id} THEN 1 ELSE 0 END), 0) AS "roles"
      FROM ${store.table(GroupRoleEntity)} AS gr
      JOIN ${store.table(GroupEntity)} AS g ON ${store.column(GroupEntity, 'id', 'g')} = ${at('groupId')} WHERE ${beside}`,
    { roles: 'integer', distinctRoles: 'integer', groupsWithRoles: 'integer' },
  );
  return row ?? { roles: 0, distinctRoles: 0, groupsWithRoles: 0 };
}

/** Names of the first groups that have the role. */
export async function findGroupsWithRole(store: Store, roleId: string, limit: number): Promise<string[]> {
  const name = store.column(GroupEntity, 'name', 'g');
  const rows = await store.query<{ name: string }>(
    sql`SELECT ${name} AS "name" FROM ${store.table(GroupRoleEntity)} AS gr
      JOIN ${store.table(GroupEntity)} AS g
        ON ${store.column(GroupEntity, 'id', 'g')} = ${store.column(GroupRoleEntity, 'groupId', 'gr')}
      WHERE ${store.column(GroupRoleEntity, 'roleId', 'gr')} = ${roleId} ORDER BY ${name} LIMIT ${limit}`,
    { name: 'text' },
  );
  return rows.map((row) => row.name);
}
