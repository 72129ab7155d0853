import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import type { RemoveSome } from '#src/features/roles/role-remnants';
import { sql, type Sql } from '#src/storage/sql';

// Each in two statements: as one, a database without fresh statistics may read the list of keys anew for each row.

/** Of a deleted organization: the next memberships, with the roles that they had. */
export const removeMemberships: RemoveSome = async ({ store, id, after, limit }) => {
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const rows = await store.query<{ key: string; membershipId: string }>(
    sql`SELECT ${at('userId')} AS "key", ${at('id')} AS "membershipId" FROM ${store.table(MembershipEntity)} AS m
      WHERE ${at('organizationId')} = ${id} AND ${at('userId')} > ${after} ORDER BY ${at('userId')} LIMIT ${limit}`,
    { key: 'text', membershipId: 'text' },
  );
  await store.delete(MembershipEntity, { id: rows.map(({ membershipId }) => membershipId) });
  return rows.map(({ key }) => key);
};

/** Of a deleted role: that the next members had it. */
export const removeMemberRoles: RemoveSome = async ({ store, id, after, limit }) => {
  const at = (property: keyof MembershipRoleEntity & string): Sql =>
    store.column(MembershipRoleEntity, property, 'mr');
  const rows = await store.query<{ key: string }>(
    sql`SELECT ${at('membershipId')} AS "key" FROM ${store.table(MembershipRoleEntity)} AS mr
      WHERE ${at('roleId')} = ${id} AND ${at('membershipId')} > ${after} ORDER BY ${at('membershipId')} LIMIT ${limit}`,
    { key: 'text' },
  );
  const keys = rows.map(({ key }) => key);
  await store.delete(MembershipRoleEntity, { roleId: id, membershipId: keys });
  return keys;
};
