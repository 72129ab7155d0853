import { neededColumns } from '#src/graphql/needed-columns';
import { defineLoader } from '#src/graphql/request-loader';
import { groupBy } from './group-by';
import {
  findPermissions,
  findPermissionsOfRoles,
  permissionFieldColumns,
  type PermissionRow,
  type RolePermissionRow,
} from './permission.repository';

export const permissionById = defineLoader<string, PermissionRow | null>(
  'permission-by-id',
  async (ids, context) => {
    const found = new Map((await findPermissions(context.store, ids)).map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  },
);

/** What a role allows; at most 1,000 permissions. */
export const permissionsByRole = defineLoader<string, readonly RolePermissionRow[]>(
  'permissions-by-role',
  async (ids, context) => {
    const only = neededColumns(context, permissionFieldColumns);
    const rows = await findPermissionsOfRoles(context.store, ids, only);
    return groupBy(ids, rows, (row) => row.roleId);
  },
);
