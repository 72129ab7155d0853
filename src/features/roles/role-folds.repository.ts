import { PermissionEntity } from '#src/features/roles/permission.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { expression } from '#src/storage/columns';
import type { SelectContext, SelectedColumn } from '#src/storage/store';
import { permissionSelection, type RolePermissionRow } from './permission.repository';
import { roleSelection, type UserRoleRow } from './role.repository';

/** Rows as the database folds them: arrays of values in the order of the selection. */
export type FoldedRows = readonly (readonly unknown[])[];

/** The roles of the user `u` of the surrounding statement. */
export const foldedRoles: SelectedColumn<FoldedRows> = expression<FoldedRows>((context) => {
  const at = column(context);
  return `(SELECT ${fold(context, roleSelection, `${at(RoleEntity, 'nameFolded', 'r')}, ${at(RoleEntity, 'id', 'r')}`)}
    FROM "user_roles" "ur" JOIN "roles" "r" ON ${at(RoleEntity, 'id', 'r')} = ${at(UserRoleEntity, 'roleId', 'ur')}
    WHERE ${at(UserRoleEntity, 'userId', 'ur')} = "u"."id")`;
}, 'json');

const rolePermissions = {
  ...permissionSelection,
  roleId: expression<string>((context) => column(context)(RolePermissionEntity, 'roleId', 'rp'), 'text'),
};

/** What the roles of the user `u` allow. */
export const foldedPermissions: SelectedColumn<FoldedRows> = expression<FoldedRows>((context) => {
  const at = column(context);
  return `(SELECT ${fold(context, rolePermissions, `${at(PermissionEntity, 'name', 'p')}, ${at(PermissionEntity, 'id', 'p')}`)}
    FROM "user_roles" "ur" JOIN "role_permissions" "rp"
      ON ${at(RolePermissionEntity, 'roleId', 'rp')} = ${at(UserRoleEntity, 'roleId', 'ur')}
    JOIN "permissions" "p" ON ${at(PermissionEntity, 'id', 'p')} = ${at(RolePermissionEntity, 'permissionId', 'rp')}
    WHERE ${at(UserRoleEntity, 'userId', 'ur')} = "u"."id")`;
}, 'json');

function column(context: SelectContext) {
  return (entity: new () => object, property: string, alias: string): string =>
    context.column(entity, property, alias).sql;
}

function fold(
  context: SelectContext,
  selection: Readonly<Record<string, SelectedColumn>>,
  orderBy: string,
): string {
  const columns = Object.values(selection).map(({ sql, kind }) => ({ sql: sql(context), kind }));
  return context.dialect.jsonArrayAggregate(columns, orderBy);
}

export function unfoldRoles(rows: FoldedRows, userId: string): UserRoleRow[] {
  return unfold<UserRoleRow>(Object.keys(roleSelection), rows).map((row) => ({ ...row, userId }));
}

export function unfoldPermissions(rows: FoldedRows): RolePermissionRow[] {
  return unfold<RolePermissionRow>(Object.keys(rolePermissions), rows);
}

function unfold<Row>(properties: readonly string[], rows: FoldedRows): Row[] {
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    properties.forEach((property, index) => (row[property] = values[index]));
    return row as Row;
  });
}
