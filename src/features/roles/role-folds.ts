import { registerUserFold } from '#src/features/users/folds/user-folds';
import { groupBy } from './group-by';
import { permissionsByRole } from './permission.loader';
import {
  foldedPermissions,
  foldedRoles,
  unfoldPermissions,
  unfoldRoles,
  type FoldedRows,
} from './role-folds.repository';
import { rolesByUser } from './role.loader';
import type { UserRoleRow } from './role.repository';

/** One user with roles, and what those allow, is one statement instead of three. */
export function registerRoleFolds(): void {
  registerUserFold({
    name: 'roles',
    path: ['User.roles'],
    select: foldedRoles,
    prime: (context, userId, value) =>
      context.load(rolesByUser).prime(userId, unfoldRoles((value ?? []) as FoldedRows, userId)),
  });
  registerUserFold({
    name: 'role_permissions',
    path: ['User.roles', 'Role.permissions'],
    select: foldedPermissions,
    prime: (context, userId, value) => {
      // The roles came in the same statement, so they are here already.
      const roleIds = (context.load(rolesByUser).load(userId) as readonly UserRoleRow[]).map(({ id }) => id);
      const permissions = groupBy(
        roleIds,
        unfoldPermissions((value ?? []) as FoldedRows),
        (row) => row.roleId,
      );
      roleIds.forEach((id, index) => context.load(permissionsByRole).prime(id, permissions[index] ?? []));
    },
  });
}
