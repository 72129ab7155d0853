import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import type { FieldColumns } from '#src/graphql/needed-columns';
import { column, columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

export const permissionSelection = columnsOf(PermissionEntity, 'p', [
  'id',
  'name',
  'description',
  'resourceServerId',
]);
export type PermissionRow = RowOf<typeof permissionSelection>;

const permissionsById: Read<{ ids: readonly string[] }, PermissionRow> = {
  name: 'permissions_by_id',
  build: (builder, dialect) => builder.from(PermissionEntity, 'p').where(dialect.anyOf('p.id', ':ids')),
  select: permissionSelection,
};

export function findPermissions(store: Store, ids: readonly string[]): Promise<PermissionRow[]> {
  return store.read(permissionsById, { ids });
}

export const rolePermissionSelection = {
  ...permissionSelection,
  roleId: column(RolePermissionEntity, 'rp', 'roleId'),
};
export type RolePermissionRow = RowOf<typeof rolePermissionSelection>;

/** What the fields of `Permission` take of a row. */
export const permissionFieldColumns: FieldColumns<keyof RolePermissionRow> = {
  type: 'Permission',
  always: ['id', 'roleId'],
  resolved: { resourceServer: ['resourceServerId'] },
};

const permissionsByRole: Read<{ ids: readonly string[] }, RolePermissionRow> = {
  name: 'permissions_by_role',
  build: (builder, dialect) =>
    builder
      .from(RolePermissionEntity, 'rp')
      .innerJoin(PermissionEntity, 'p', 'p.id = rp.permissionId')
      .where(dialect.anyOf('rp.roleId', ':ids'))
      .orderBy('p.name')
      .addOrderBy('p.id'),
  select: rolePermissionSelection,
};

/** The permissions of each role, in the order of their names. */
export function findPermissionsOfRoles(
  store: Store,
  roleIds: readonly string[],
  only?: readonly string[],
): Promise<RolePermissionRow[]> {
  return store.read(permissionsByRole, { ids: roleIds }, only);
}

const permissionGrantSelection = {
  ...columnsOf(PermissionEntity, 'p', ['id', 'name']),
  isSystem: column(ResourceServerEntity, 's', 'isSystem'),
  identifier: column(ResourceServerEntity, 's', 'identifier'),
};
/** What the guard against escalation needs to know of a permission. */
export type PermissionGrantRow = RowOf<typeof permissionGrantSelection>;

const permissionGrants: Read<{ ids: readonly string[] }, PermissionGrantRow> = {
  name: 'permission_grants',
  build: (builder, dialect) =>
    builder
      .from(PermissionEntity, 'p')
      .innerJoin(ResourceServerEntity, 's', 's.id = p.resourceServerId')
      .where(dialect.anyOf('p.id', ':ids')),
  select: permissionGrantSelection,
};

export function findPermissionGrants(store: Store, ids: readonly string[]): Promise<PermissionGrantRow[]> {
  return store.read(permissionGrants, { ids });
}
