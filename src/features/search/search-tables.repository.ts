import { IdentityEntity } from '#src/features/identities/identity.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { EntityClass, Store } from '#src/storage/store';
import { compileTest, type OwnedRows, type SearchTables } from './compile-predicate';
import type { SearchTest } from './predicate';
import { leafRows } from './search-leaves.repository';

/**
 * The tables that searches look into. A caller bound to an organization sees memberships of that organization and
 * permissions in it alone.
 */
export function searchTables(store: Store, organizationId: string | null): SearchTables {
  const { dialect } = store;
  const table = (entity: EntityClass<object>, alias: string): Sql =>
    sql`${store.table(entity)} ${sql.raw(`"${alias}"`)}`;

  function identities(column: keyof IdentityEntity & string, test: SearchTest): OwnedRows {
    const condition = compileTest(test, store.column(IdentityEntity, column, 'i'), dialect);
    return rowsOf(store.column(IdentityEntity, 'userId', 'i'), table(IdentityEntity, 'i'), condition);
  }

  function memberships(test: SearchTest): OwnedRows {
    const organization = store.column(MembershipEntity, 'organizationId', 'm');
    // What a deleted organization leaves behind for a while is found by nobody.
    const stands = sql`EXISTS (SELECT 1 FROM ${table(OrganizationEntity, 'o')} WHERE ${store.column(OrganizationEntity, 'id', 'o')} = ${organization})`;
    const condition = sql.and([reached(), compileTest(test, organization, dialect), stands]);
    return rowsOf(store.column(MembershipEntity, 'userId', 'm'), table(MembershipEntity, 'm'), condition);
  }

  /** SECURITY: memberships elsewhere are none of the business of a caller bound to one organization. */
  function reached(): Sql | null {
    if (organizationId === null) return null;
    return sql`${store.column(MembershipEntity, 'organizationId', 'm')} = ${organizationId}`;
  }

  /** Users who hold one of these roles for the whole deployment, as `User.roles` shows them. */
  function roles(ids: Sql): OwnedRows {
    const roleId = store.column(UserRoleEntity, 'roleId', 'ur');
    return {
      owner: store.column(UserRoleEntity, 'userId', 'ur'),
      from: table(UserRoleEntity, 'ur'),
      condition: sql`${roleId} IN (${ids})`,
      // Said so, it is no join: which roles are meant is found once, and a user's few roles are held against them.
      conditionOfOwner: sql`(${roleId} IN (${ids})) IS TRUE`,
      // Few roles are looked up as entries of an index, each role's users side by side.
      first: {
        condition: dialect.amongFound(roleId, sql`${ids} LIMIT 8`),
        isNotAll: sql`(SELECT COUNT(*) FROM (${ids} LIMIT 9) AS "more") > 8`,
      },
    };
  }

  function memberRoles(condition: (roleId: Sql) => Sql): OwnedRows {
    const membership = store.column(MembershipRoleEntity, 'membershipId', 'mr');
    const joined = sql`${table(MembershipEntity, 'm')} JOIN ${table(MembershipRoleEntity, 'mr')} ON ${membership} = ${store.column(MembershipEntity, 'id', 'm')}`;
    const held = condition(store.column(MembershipRoleEntity, 'roleId', 'mr'));
    return rowsOf(store.column(MembershipEntity, 'userId', 'm'), joined, sql.and([reached(), held]));
  }

  function rolesBy(column: 'id' | 'name', test: SearchTest): OwnedRows {
    const named = compileTest(test, store.column(RoleEntity, column, 'r'), dialect);
    const ids = sql`SELECT ${store.column(RoleEntity, 'id', 'r')} FROM ${table(RoleEntity, 'r')} WHERE ${named}`;
    return roles(ids);
  }

  /** Permissions in force: direct ones and those of roles, or within an organization those of the membership alone. */
  function permissions(test: SearchTest): readonly OwnedRows[] {
    const named = compileTest(test, store.column(PermissionEntity, 'name', 'p'), dialect);
    const ids = sql`SELECT ${store.column(PermissionEntity, 'id', 'p')} FROM ${table(PermissionEntity, 'p')} WHERE ${named}`;
    const granted = store.column(RolePermissionEntity, 'permissionId', 'rp');
    const role = store.column(RolePermissionEntity, 'roleId', 'rp');
    const roleIds = sql`SELECT ${role} FROM ${table(RolePermissionEntity, 'rp')} WHERE ${granted} IN (${ids})`;
    const grants = (roleId: Sql): Sql => sql`${roleId} IN (${roleIds})`;
    if (organizationId !== null) return [memberRoles(grants)];
    const owner = store.column(UserPermissionEntity, 'userId', 'up');
    const own = sql`${store.column(UserPermissionEntity, 'permissionId', 'up')} IN (${ids})`;
    return [roles(roleIds), rowsOf(owner, table(UserPermissionEntity, 'up'), own)];
  }

  return {
    dialect,
    userId: (alias) => store.column(UserEntity, 'id', alias),
    users: (alias) => table(UserEntity, alias),
    usersByKeys: (keys) =>
      dialect.rowsByKeys({
        keys,
        table: store.table(UserEntity),
        alias: 'u',
        key: store.column(UserEntity, 'id', 'u'),
      }),
    walkUsers: (walk) => dialect.walk({ ...walk, table: store.table(UserEntity), alias: 'u' }),
    userColumn: (column, alias) => store.column(UserEntity, column, alias),
    rows(target, test) {
      switch (target.of) {
        case 'identity':
          return [identities(target.column, test)];
        case 'organization':
          return [memberships(test)];
        case 'role':
          return [rolesBy(target.column, test)];
        case 'permission':
          return permissions(test);
        case 'metadata':
        case 'profileData':
          return [leafRows(store, target, test)];
      }
    },
  };
}

function rowsOf(owner: Sql, from: Sql, condition: Sql): OwnedRows {
  return { owner, from, condition, conditionOfOwner: condition };
}
