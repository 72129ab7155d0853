import { defineLoader } from '#src/graphql/request-loader';
import { groupBy } from './group-by';
import {
  findPermissions,
  findPermissionsOfRoles,
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
  async (ids, context) => groupBy(ids, await findPermissionsOfRoles(context.store, ids), (row) => row.roleId),
);
