import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { roleColumns } from './role-columns';
import type { FieldColumns } from '#src/graphql/needed-columns';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { refuseTaken } from '#src/storage/refuse-taken';

const takenName = { field: 'name', message: 'There is a role of this name already.' };

/** Everything of a role that leaves this folder; `r` is the alias of the table. */
export const roleSelection = roleColumns;
export type RoleRow = RowOf<typeof roleSelection>;

/** What the fields of `Role` take of a row. */
export const roleFieldColumns: FieldColumns<keyof UserRoleRow> = {
  type: 'Role',
  always: ['id', 'userId'],
  resolved: { permissions: [] },
};

const rolesById: Read<{ ids: readonly string[] }, RoleRow> = {
  name: 'roles_by_id',
  build: (builder, dialect) => builder.from(RoleEntity, 'r').where(dialect.anyOf('r.id', ':ids')),
  select: roleSelection,
};

export function findRoles(store: Store, ids: readonly string[]): Promise<RoleRow[]> {
  return store.read(rolesById, { ids });
}

const userRoleSelection = { ...roleSelection, userId: column(UserRoleEntity, 'ur', 'userId') };
export type UserRoleRow = RowOf<typeof userRoleSelection>;

const rolesByUser: Read<{ ids: readonly string[] }, UserRoleRow> = {
  name: 'roles_by_user',
  build: (builder, dialect) =>
    builder
      .from(UserRoleEntity, 'ur')
      .innerJoin(RoleEntity, 'r', 'r.id = ur.roleId')
      .where(dialect.anyOf('ur.userId', ':ids'))
      .orderBy('r.nameFolded')
      .addOrderBy('r.id'),
  select: userRoleSelection,
};

/** The roles of each user for the whole deployment, in the order of their names. */
export function findRolesOfUsers(
  store: Store,
  userIds: readonly string[],
  only?: readonly string[],
): Promise<UserRoleRow[]> {
  return store.read(rolesByUser, { ids: userIds }, only);
}

const roleByName: Read<{ nameFolded: string }, { readonly id: string }> = {
  name: 'role_by_name',
  build: (builder) =>
    builder
      .from(RoleEntity, 'r')
      .where('r.nameFolded = :nameFolded')
      .andWhere('r.organizationId IS NULL')
      .andWhere('r.applicationId IS NULL'),
  select: columnsOf(RoleEntity, 'r', ['id']),
};

/** Id of the deployment's role of this name, given in folded form. */
export async function findRoleByName(store: Store, nameFolded: string): Promise<string | null> {
  const [row] = await store.read(roleByName, { nameFolded });
  return row?.id ?? null;
}

/** Which roles a list holds. */
export interface RoleFilter {
  readonly type?: string | null;
  /** Roles of the deployment and of this organization only. */
  readonly visibleTo?: string | null;
  readonly organizationId?: string | null;
  /** The beginning of the name, in folded form. */
  readonly namePrefix?: string | null;
}

export function roleCondition(store: Store, filter: RoleFilter): Sql {
  const at = (property: keyof RoleEntity & string): Sql => store.column(RoleEntity, property, 'r');
  const { type, visibleTo, organizationId, namePrefix } = filter;
  return sql.and([
    type ? sql`${at('type')} = ${type}` : null,
    visibleTo ? sql`(${at('organizationId')} IS NULL OR ${at('organizationId')} = ${visibleTo})` : null,
    organizationId ? sql`${at('organizationId')} = ${organizationId}` : null,
    namePrefix ? store.dialect.prefix(at('nameFolded'), namePrefix) : null,
  ]);
}

export async function countRoles(store: Store, filter: RoleFilter): Promise<number> {
  const statement = sql`SELECT COUNT(*) AS "n" FROM ${store.table(RoleEntity)} AS r WHERE ${roleCondition(store, filter)}`;
  const [row] = await store.query<{ n: number }>(statement, { n: 'integer' });
  return row?.n ?? 0;
}

export async function insertRole(
  store: Store,
  row: RoleRow & { readonly nameFolded: string },
): Promise<void> {
  await refuseTaken(takenName, () => store.insert(RoleEntity, row));
}

/** Answers whether there is such a role. */
export async function updateRole(store: Store, id: string, set: Partial<RoleEntity>): Promise<boolean> {
  return (await refuseTaken(takenName, () => store.update(RoleEntity, { id }, set))) === 1;
}

/** Deletes roles with everything that links them: who holds them and what they hold. */
export async function deleteRoles(store: Store, ids: readonly string[]): Promise<number> {
  return store.delete(RoleEntity, { id: ids });
}

/** Adds links that are missing; answers how many there were to add. */
export function insertRolePermissions(
  store: Store,
  roleId: string,
  permissionIds: readonly string[],
): Promise<number> {
  const rows = permissionIds.map((permissionId) => ({ roleId, permissionId }));
  return store.insert(RolePermissionEntity, rows, { ignoreConflicts: true });
}

export function deleteRolePermissions(
  store: Store,
  roleId: string,
  permissionIds: readonly string[],
): Promise<number> {
  return store.delete(RolePermissionEntity, { roleId, permissionId: permissionIds });
}

export async function countRolePermissions(store: Store, roleId: string): Promise<number> {
  const of = store.column(RolePermissionEntity, 'roleId', 'rp');
  const statement = sql`SELECT COUNT(*) AS "n" FROM ${store.table(RolePermissionEntity)} AS rp WHERE ${of} = ${roleId}`;
  const [row] = await store.query<{ n: number }>(statement, { n: 'integer' });
  return row?.n ?? 0;
}

/** Names of the first roles that hold any of the permissions. */
export async function findRolesHolding(
  store: Store,
  permissionIds: readonly string[],
  limit: number,
): Promise<string[]> {
  const name = store.column(RoleEntity, 'name', 'r');
  const rows = await store.query<{ name: string }>(
    sql`SELECT DISTINCT ${name} AS "name" FROM ${store.table(RolePermissionEntity)} AS rp
      JOIN ${store.table(RoleEntity)} AS r ON ${store.column(RoleEntity, 'id', 'r')} = ${store.column(RolePermissionEntity, 'roleId', 'rp')}
      WHERE ${store.dialect.anyOf(store.column(RolePermissionEntity, 'permissionId', 'rp'), permissionIds)}
      ORDER BY 1 LIMIT ${limit}`,
    { name: 'text' },
  );
  return rows.map((row) => row.name);
}
