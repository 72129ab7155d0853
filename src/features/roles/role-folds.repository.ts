import { PermissionEntity } from '#src/features/roles/permission.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { foldedRows } from '#src/features/users/folds/folded-rows';
import type { SelectContext } from '#src/storage/store';
import { rolePermissionSelection } from './permission.repository';
import { roleSelection } from './role.repository';

/** The roles of a user; the rows are without the user's id. */
export const foldedRoles = foldedRows({
  name: 'roles',
  selection: roleSelection,
  orderBy: (context) => {
    const at = column(context);
    return `${at(RoleEntity, 'nameFolded', 'r')}, ${at(RoleEntity, 'id', 'r')}`;
  },
  from: (context) => {
    const at = column(context);
    return `FROM "user_roles" "ur" JOIN "roles" "r" ON ${at(RoleEntity, 'id', 'r')} = ${at(UserRoleEntity, 'roleId', 'ur')}
      WHERE ${at(UserRoleEntity, 'userId', 'ur')} = "u"."id"`;
  },
});

/** What the roles of a user allow. */
export const foldedPermissions = foldedRows({
  name: 'permissions of roles',
  selection: rolePermissionSelection,
  orderBy: (context) => {
    const at = column(context);
    return `${at(PermissionEntity, 'name', 'p')}, ${at(PermissionEntity, 'id', 'p')}`;
  },
  from: (context) => {
    const at = column(context);
    return `FROM "user_roles" "ur" JOIN "role_permissions" "rp"
        ON ${at(RolePermissionEntity, 'roleId', 'rp')} = ${at(UserRoleEntity, 'roleId', 'ur')}
      JOIN "permissions" "p" ON ${at(PermissionEntity, 'id', 'p')} = ${at(RolePermissionEntity, 'permissionId', 'rp')}
      WHERE ${at(UserRoleEntity, 'userId', 'ur')} = "u"."id"`;
  },
});

function column(context: SelectContext) {
  return (entity: new () => object, property: string, alias: string): string =>
    context.column(entity, property, alias).sql;
}
