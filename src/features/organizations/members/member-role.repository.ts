import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { rolesThroughGroups } from '#src/features/roles/roles-through-groups';
import type { FieldColumns } from '#src/graphql/needed-columns';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const memberRoleSelection = {
  ...columnsOf(RoleEntity, 'r', [
    'id',
    'name',
    'description',
    'type',
    'organizationId',
    'applicationId',
    'createdAt',
    'updatedAt',
  ]),
  membershipId: column(MembershipRoleEntity, 'mr', 'membershipId'),
};
export type MemberRoleRow = RowOf<typeof memberRoleSelection>;

/** What the fields of `Role` take of a row. */
export const memberRoleFieldColumns: FieldColumns<keyof MemberRoleRow> = {
  type: 'Role',
  always: ['id', 'membershipId'],
  resolved: { permissions: [] },
};

const rolesByMembership: Read<{ ids: readonly string[] }, MemberRoleRow> = {
  name: 'roles_by_membership',
  build: (builder, dialect) =>
    builder
      .from(MembershipRoleEntity, 'mr')
      .innerJoin(RoleEntity, 'r', 'r.id = mr.roleId')
      .where(dialect.anyOf('mr.membershipId', ':ids'))
      .orderBy('r.nameFolded')
      .addOrderBy('r.id'),
  select: memberRoleSelection,
};

/** The roles of each membership, in the order of their names. */
export function findRolesOfMemberships(
  store: Store,
  membershipIds: readonly string[],
  only?: readonly string[],
): Promise<MemberRoleRow[]> {
  return store.read(rolesByMembership, { ids: membershipIds }, only);
}

const assignableSelection = columnsOf(RoleEntity, 'r', ['id', 'name', 'type', 'applicationId']);
export type AssignableRoleRow = RowOf<typeof assignableSelection>;

const assignableRoles: Read<{ ids: readonly string[]; organizationId: string }, AssignableRoleRow> = {
  name: 'roles_assignable_in_organization',
  build: (builder, dialect) =>
    builder
      .from(RoleEntity, 'r')
      .where(dialect.anyOf('r.id', ':ids'))
      .andWhere('(r.organizationId IS NULL OR r.organizationId = :organizationId)'),
  select: assignableSelection,
};

/** Those of the roles that members of the organization can have: the deployment's and its own. */
export function findAssignableRoles(
  store: Store,
  ids: readonly string[],
  organizationId: string,
): Promise<AssignableRoleRow[]> {
  return store.read(assignableRoles, { ids, organizationId });
}

/** Those of the roles that the user holds within the organization, directly or through its groups. */
export async function findHeldMemberRoleIds(
  store: Store,
  organizationId: string,
  userId: string,
  roleIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const roleId = store.column(MembershipRoleEntity, 'roleId', 'mr');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${roleId} AS "id" FROM ${store.table(MembershipEntity)} AS m
      JOIN ${store.table(OrganizationEntity)} AS o ON ${store.column(OrganizationEntity, 'id', 'o')} = ${at('organizationId')}
      JOIN ${store.table(MembershipRoleEntity)} AS mr
        ON ${store.column(MembershipRoleEntity, 'membershipId', 'mr')} = ${at('id')}
      WHERE ${at('organizationId')} = ${organizationId} AND ${at('userId')} = ${userId}
        AND ${store.dialect.anyOf(roleId, roleIds)}
      UNION SELECT through."id" FROM (${rolesThroughGroups(sql`${userId}`, sql`${organizationId}`)}) AS through
      WHERE ${store.dialect.anyOf(sql.raw('through."id"'), roleIds)}`,
    { id: 'text' },
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Adds the roles that are missing; answers how many those were. They stay until the end of the transaction: a removal of one cannot
 * pass the new row by.
 */
export async function insertMemberRoles(
  store: Store,
  membershipId: string,
  roleIds: readonly string[],
): Promise<number> {
  const id = store.column(RoleEntity, 'id', 'r');
  const kept = await store.query<{ id: string }>(
    sql`SELECT ${id} AS "id" FROM ${store.table(RoleEntity)} AS r
      WHERE ${store.dialect.anyOf(id, roleIds)} ORDER BY ${id}${store.dialect.forShare}`,
    { id: 'text' },
  );
  const rows = kept.map((role) => ({ membershipId, roleId: role.id }));
  return store.insert(MembershipRoleEntity, rows, { ignoreConflicts: true });
}

export function deleteMemberRoles(
  store: Store,
  membershipId: string,
  roleIds: readonly string[],
): Promise<number> {
  return store.delete(MembershipRoleEntity, { membershipId, roleId: roleIds });
}

export async function countMemberRoles(store: Store, membershipId: string): Promise<number> {
  const of = store.column(MembershipRoleEntity, 'membershipId', 'mr');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(MembershipRoleEntity)} AS mr WHERE ${of} = ${membershipId}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}
