import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Which permissions of a user count, and in which organization; null: outside of all. */
export interface GrantContext {
  readonly kind: 'EFFECTIVE' | 'DIRECT';
  readonly organizationId: string | null;
}

/** Whose grants of what: conditions on the columns that hold them. */
export interface GrantScope extends GrantContext {
  readonly isUser: (column: Sql) => Sql;
  readonly isPermission: ((column: Sql) => Sql) | null;
  /** Each way once: one group may be reached through several others. Otherwise rows may repeat. */
  readonly isDistinct?: boolean;
}

/** All grants of these users. */
export function scopeOf(
  store: Store,
  { userIds, kind, organizationId }: GrantContext & { readonly userIds: readonly string[] },
): GrantScope {
  const isUser = (column: Sql): Sql => store.dialect.anyOf(column, userIds);
  return { kind, organizationId, isUser, isPermission: null };
}

/**
 * Rows (user_id, permission_id, role_id, group_id): inside an organization only what the membership brings, outside only what is
 * tenant-wide. Where one permission is asked about, the user is known and `user_id` may be null.
 */
export function grantsOf(store: Store, scope: GrantScope): Sql {
  return scope.kind === 'DIRECT'
    ? ownGrantsOf(store, scope)
    : sql`${ownGrantsOf(store, scope)} UNION ALL ${throughGroups(store, scope)}`;
}

/** Those of them that come through no group. */
export function ownGrantsOf(store: Store, scope: GrantScope): Sql {
  const { kind, organizationId } = scope;
  if (organizationId !== null)
    return kind === 'DIRECT' ? none(store, scope) : throughMembership(store, scope, organizationId);
  return kind === 'DIRECT'
    ? direct(store, scope)
    : sql`${direct(store, scope)} UNION ALL ${throughRoles(store, scope)}`;
}

function direct(store: Store, { isUser, isPermission }: GrantScope): Sql {
  const at = (property: keyof UserPermissionEntity & string): Sql =>
    store.column(UserPermissionEntity, property, 'up');
  return sql`SELECT ${at('userId')} AS user_id, ${at('permissionId')} AS permission_id, CAST(NULL AS text) AS role_id,
    CAST(NULL AS text) AS group_id
    FROM ${store.table(UserPermissionEntity)} AS up
    WHERE ${sql.and([isUser(at('userId')), isPermission && isPermission(at('permissionId'))])}`;
}

/** Inside an organization nobody holds a permission directly. */
function none(store: Store, scope: GrantScope): Sql {
  return sql`${direct(store, scope)} AND FALSE`;
}

function throughRoles(store: Store, { isUser, isPermission }: GrantScope): Sql {
  const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  const permissionId = store.column(RolePermissionEntity, 'permissionId', 'rp');
  if (isPermission) {
    // As a list, which is made once: in the index by permission its roles then lie side by side.
    const roleId = store.column(RolePermissionEntity, 'roleId', 'rp');
    const held = sql`SELECT ${at('roleId')} FROM ${store.table(UserRoleEntity)} AS ur WHERE ${isUser(at('userId'))}`;
    return sql`SELECT CAST(NULL AS text), ${permissionId}, ${roleId}, CAST(NULL AS text)
      FROM ${store.table(RolePermissionEntity)} AS rp
      WHERE ${isPermission(permissionId)} AND ${roleId} IN (${held})`;
  }
  return sql`SELECT ${at('userId')}, ${permissionId}, ${at('roleId')}, CAST(NULL AS text)
    FROM ${store.table(UserRoleEntity)} AS ur JOIN ${store.table(RolePermissionEntity)} AS rp
      ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = ${at('roleId')}
    WHERE ${isUser(at('userId'))}`;
}

function throughMembership(store: Store, scope: GrantScope, organizationId: string): Sql {
  const { isUser, isPermission } = scope;
  const permissionId = store.column(RolePermissionEntity, 'permissionId', 'rp');
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const roleId = store.column(MembershipRoleEntity, 'roleId', 'mr');
  return sql`SELECT ${at('userId')} AS user_id, ${permissionId} AS permission_id, ${roleId} AS role_id,
    CAST(NULL AS text) AS group_id
    FROM ${store.table(MembershipEntity)} AS m
    JOIN ${store.table(OrganizationEntity)} AS o ON ${store.column(OrganizationEntity, 'id', 'o')} = ${at('organizationId')}
    JOIN ${store.table(MembershipRoleEntity)} AS mr
      ON ${store.column(MembershipRoleEntity, 'membershipId', 'mr')} = ${at('id')}
    JOIN ${store.table(RolePermissionEntity)} AS rp ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = ${roleId}
    WHERE ${at('organizationId')} = ${organizationId}
      AND ${sql.and([isUser(at('userId')), isPermission && isPermission(permissionId)])}`;
}

/** Those that come through the user's groups and all above them. They belong to a later feature, so their tables are named here by text. */
export function throughGroups(store: Store, scope: GrantScope): Sql {
  const { isUser, isPermission, organizationId, isDistinct = false } = scope;
  const permissionId = store.column(RolePermissionEntity, 'permissionId', 'rp');
  const userId = sql.raw('gm.user_id');
  const inContext =
    organizationId === null
      ? sql`ug.organization_id IS NULL`
      : sql`ug.organization_id = ${organizationId} AND EXISTS (
          SELECT 1 FROM ${store.table(MembershipEntity)} AS m JOIN ${store.table(OrganizationEntity)} AS o
            ON ${store.column(OrganizationEntity, 'id', 'o')} = ${store.column(MembershipEntity, 'organizationId', 'm')}
          WHERE ${store.column(MembershipEntity, 'organizationId', 'm')} = ${organizationId}
            AND ${store.column(MembershipEntity, 'userId', 'm')} = ${userId})`;
  // Nothing else repeats: a user holds a role once.
  const select = sql.raw(isDistinct ? 'SELECT DISTINCT' : 'SELECT');
  return sql`${select} ${userId} AS user_id, ${permissionId} AS permission_id, gr.role_id AS role_id, gr.group_id AS group_id
    FROM group_members AS gm JOIN user_groups AS ug ON ug.id = gm.group_id
    JOIN group_closure AS gc ON gc.descendant_id = gm.group_id JOIN group_roles AS gr ON gr.group_id = gc.ancestor_id
    JOIN ${store.table(RolePermissionEntity)} AS rp ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = gr.role_id
    WHERE ${sql.and([inContext, isUser(userId), isPermission && isPermission(permissionId)])}`;
}
