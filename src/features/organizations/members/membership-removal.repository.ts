import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import type { RemoveSome } from '#src/features/roles/role-remnants';
import { sql } from '#src/storage/sql';

/** Of a deleted organization: some memberships, with the roles that they had. */
export const removeMemberships: RemoveSome = ({ store, id, limit }) => {
  const table = store.table(MembershipEntity);
  return store.execute(
    sql`DELETE FROM ${table} WHERE "id" IN (SELECT ${store.column(MembershipEntity, 'id', 'm')} FROM ${table} AS m
      WHERE ${store.column(MembershipEntity, 'organizationId', 'm')} = ${id} LIMIT ${limit})`,
  );
};

/** Of a deleted role: that some members had it. */
export const removeMemberRoles: RemoveSome = ({ store, id, limit }) => {
  const table = store.table(MembershipRoleEntity);
  return store.execute(
    sql`DELETE FROM ${table} WHERE "role_id" = ${id} AND "membership_id" IN (
      SELECT ${store.column(MembershipRoleEntity, 'membershipId', 'mr')} FROM ${table} AS mr
      WHERE ${store.column(MembershipRoleEntity, 'roleId', 'mr')} = ${id}
      ORDER BY ${store.column(MembershipRoleEntity, 'membershipId', 'mr')} LIMIT ${limit})`,
  );
};
