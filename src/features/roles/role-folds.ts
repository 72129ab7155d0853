import { registerUserFold } from '#src/features/users/folds/user-folds';
import { neededColumns } from '#src/graphql/needed-columns';
import { groupBy } from './group-by';
import { permissionsByRole } from './permission.loader';
import { permissionFieldColumns, type RolePermissionRow } from './permission.repository';
import { foldedPermissions, foldedRoles } from './role-folds.repository';
import { rolesByUser } from './role.loader';
import { roleFieldColumns, type UserRoleRow } from './role.repository';

type Writable<Row> = { -readonly [property in keyof Row]: Row[property] };

/** One user with roles, and what those allow, is one statement instead of three. */
export function registerRoleFolds(): void {
  registerUserFold({
    name: 'roles',
    path: ['User.roles'],
    rows: foldedRoles,
    columnsFor: (context) => neededColumns(context, roleFieldColumns),
    prime: (context, userId, rows) => {
      const roles = rows as Writable<UserRoleRow>[];
      for (const role of roles) role.userId = userId;
      context.load(rolesByUser).prime(userId, roles);
    },
  });
  registerUserFold({
    name: 'role_permissions',
    path: ['User.roles', 'Role.permissions'],
    rows: foldedPermissions,
    columnsFor: (context) => neededColumns(context, permissionFieldColumns),
    prime: (context, userId, rows) => {
      // The roles came in the same statement, so they are here already.
      const roleIds = (context.load(rolesByUser).load(userId) as readonly UserRoleRow[]).map(({ id }) => id);
      const permissions = groupBy(roleIds, rows as RolePermissionRow[], (row) => row.roleId);
      const loader = context.load(permissionsByRole);
      roleIds.forEach((id, index) => loader.prime(id, permissions[index] ?? []));
    },
  });
}
