import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import type { RemoveSome } from '#src/features/roles/role-remnants';
import { RoleEntity } from '#src/features/roles/role.entity';
import { rolesThroughGroups } from '#src/features/roles/roles-through-groups';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import type { Instant } from '#src/shared/clock';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** What a user holds outside of organizations. */
const throughGroups = (userId: string): Sql => rolesThroughGroups(sql`${userId}`, sql.raw('NULL'));

/** Those of the roles that the user holds for the whole deployment, directly or through groups. A machine, which is no user, holds none. */
export async function findHeldRoleIds(
  store: Store,
  userId: string | null,
  roleIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (userId === null) return new Set();
  const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${at('roleId')} AS "id" FROM ${store.table(UserRoleEntity)} AS ur
      WHERE ${at('userId')} = ${userId} AND ${store.dialect.anyOf(at('roleId'), roleIds)}
      UNION SELECT through."id" FROM (${throughGroups(userId)}) AS through
      WHERE ${store.dialect.anyOf(sql.raw('through."id"'), roleIds)}`,
    { id: 'text' },
  );
  return new Set(rows.map(({ id }) => id));
}

/** Those of the permissions that the user has outside organizations: directly or through a role. */
export async function findHeldPermissionIds(
  store: Store,
  userId: string | null,
  permissionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (userId === null) return new Set();
  const direct = store.column(UserPermissionEntity, 'permissionId', 'up');
  const through = store.column(RolePermissionEntity, 'permissionId', 'rp');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${direct} AS "id" FROM ${store.table(UserPermissionEntity)} AS up
      WHERE ${store.column(UserPermissionEntity, 'userId', 'up')} = ${userId} AND ${store.dialect.anyOf(direct, permissionIds)}
      UNION SELECT ${through} AS "id" FROM ${store.table(UserRoleEntity)} AS ur
      JOIN ${store.table(RolePermissionEntity)} AS rp
        ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = ${store.column(UserRoleEntity, 'roleId', 'ur')}
      WHERE ${store.column(UserRoleEntity, 'userId', 'ur')} = ${userId} AND ${store.dialect.anyOf(through, permissionIds)}
      UNION SELECT ${through} FROM (${throughGroups(userId)}) AS held JOIN ${store.table(RolePermissionEntity)} AS rp
        ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = held."id"
      WHERE ${store.dialect.anyOf(through, permissionIds)}`,
    { id: 'text' },
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Adds the roles that are missing; answers how many those were. They stay until the end of the transaction: a removal of one cannot
 * pass the new row by.
 */
export async function insertUserRoles(
  store: Store,
  userId: string,
  roleIds: readonly string[],
  now: Instant,
): Promise<number> {
  const id = store.column(RoleEntity, 'id', 'r');
  const kept = await store.query<{ id: string }>(
    sql`SELECT ${id} AS "id" FROM ${store.table(RoleEntity)} AS r
      WHERE ${store.dialect.anyOf(id, roleIds)} ORDER BY ${id}${store.dialect.forShare}`,
    { id: 'text' },
  );
  const rows = kept.map((role) => ({ userId, roleId: role.id, createdAt: now }));
  return store.insert(UserRoleEntity, rows, { ignoreConflicts: true });
}

export function deleteUserRoles(store: Store, userId: string, roleIds: readonly string[]): Promise<number> {
  return store.delete(UserRoleEntity, { userId, roleId: roleIds });
}

/** How many roles the one of the users holds who has most. Roles that are deleted do not count, though rows of theirs may be left for a moment. */
export async function countMostRoles(store: Store, userIds: readonly string[]): Promise<number> {
  const userId = store.column(UserRoleEntity, 'userId', 'ur');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(UserRoleEntity)} AS ur JOIN ${store.table(RoleEntity)} AS r
      ON ${store.column(RoleEntity, 'id', 'r')} = ${store.column(UserRoleEntity, 'roleId', 'ur')}
      WHERE ${store.dialect.anyOf(userId, userIds)} GROUP BY ${userId} ORDER BY "n" DESC LIMIT 1`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** Takes a deleted role from the next users. */
export const removeUserRoles: RemoveSome = async ({ store, id, after, limit }) => {
  const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  // The keys first, then all between them: a range of one index is quick whatever the database believes of the table.
  const rows = await store.query<{ key: string }>(
    sql`SELECT ${at('userId')} AS "key" FROM ${store.table(UserRoleEntity)} AS ur
      WHERE ${at('roleId')} = ${id} AND ${at('userId')} > ${after} ORDER BY ${at('userId')} LIMIT ${limit}`,
    { key: 'text' },
  );
  const keys = rows.map(({ key }) => key);
  await store.execute(
    sql`DELETE FROM ${store.table(UserRoleEntity)}
      WHERE "role_id" = ${id} AND "user_id" > ${after} AND "user_id" <= ${keys.at(-1) ?? after}`,
  );
  return keys;
};

/** Adds the direct permissions that are missing; answers how many those were. */
export function insertUserPermissions(
  store: Store,
  userId: string,
  permissionIds: readonly string[],
  now: Instant,
): Promise<number> {
  const rows = permissionIds.map((permissionId) => ({ userId, permissionId, createdAt: now }));
  return store.insert(UserPermissionEntity, rows, { ignoreConflicts: true });
}

export function deleteUserPermissions(
  store: Store,
  userId: string,
  permissionIds: readonly string[],
): Promise<number> {
  return store.delete(UserPermissionEntity, { userId, permissionId: permissionIds });
}

export async function countUserPermissions(store: Store, userId: string): Promise<number> {
  return count(
    store,
    store.table(UserPermissionEntity),
    store.column(UserPermissionEntity, 'userId', 'g'),
    userId,
  );
}

async function count(store: Store, table: Sql, owner: Sql, userId: string): Promise<number> {
  const statement = sql`SELECT COUNT(*) AS "n" FROM ${table} AS g WHERE ${owner} = ${userId}`;
  const [row] = await store.query<{ n: number }>(statement, { n: 'integer' });
  return row?.n ?? 0;
}
