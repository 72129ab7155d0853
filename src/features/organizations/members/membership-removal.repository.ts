import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import type { RemoveSome } from '#src/features/roles/role-remnants';
import { sql, type Sql } from '#src/storage/sql';

// The keys first, then all between them: a range of one index is quick whatever the database believes of the table.

/** Of a deleted organization: the next memberships, with the roles that they had. */
export const removeMemberships: RemoveSome = async ({ store, id, after, limit }) => {
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const rows = await store.query<{ key: string }>(
    sql`SELECT ${at('userId')} AS "key" FROM ${store.table(MembershipEntity)} AS m
      WHERE ${at('organizationId')} = ${id} AND ${at('userId')} > ${after} ORDER BY ${at('userId')} LIMIT ${limit}`,
    { key: 'text' },
  );
  const keys = rows.map(({ key }) => key);
  await store.execute(
    sql`DELETE FROM ${store.table(MembershipEntity)}
      WHERE "organization_id" = ${id} AND "user_id" > ${after} AND "user_id" <= ${keys.at(-1) ?? after}`,
  );
  return keys;
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
  await store.execute(
    sql`DELETE FROM ${store.table(MembershipRoleEntity)}
      WHERE "role_id" = ${id} AND "membership_id" > ${after} AND "membership_id" <= ${keys.at(-1) ?? after}`,
  );
  return keys;
};
