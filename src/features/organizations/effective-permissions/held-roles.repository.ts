import type { GrantContext } from '#src/features/organizations/effective-permissions/grants.repository';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** One way in which a user came to a role. */
export interface HeldRole {
  readonly roleId: string;
  /** The group that holds it; null where the user does. */
  readonly groupId: string | null;
}

export interface HeldRoles {
  readonly roles: readonly HeldRole[];
  /** How many permissions they hold, one that two of them hold counted twice; `most` + 1 where there are more. */
  readonly grants: number;
}

/** The roles of one user in a context, and whether they hold much, in one statement. */
export async function findHeldRoles(
  store: Store,
  { userId, organizationId, most }: Pick<GrantContext, 'organizationId'> & { userId: string; most: number },
): Promise<HeldRoles> {
  const own = organizationId === null ? ofUser(store, userId) : ofMember(store, userId, organizationId);
  const roleId = store.column(RolePermissionEntity, 'roleId', 'rp');
  const rows = await store.query<HeldRole & { readonly grants: number }>(
    sql`WITH "held" AS MATERIALIZED (${own} UNION ALL ${ofGroups(store, userId, organizationId)})
      SELECT "held".role_id AS "roleId", "held".group_id AS "groupId", (SELECT COUNT(*) FROM (
        SELECT 1 FROM ${store.table(RolePermissionEntity)} AS rp
        WHERE ${roleId} IN (SELECT role_id FROM "held") LIMIT ${most + 1}) AS "some") AS "grants"
      FROM "held"`,
    { roleId: 'text', groupId: 'text', grants: 'integer' },
  );
  return { roles: rows, grants: rows[0]?.grants ?? 0 };
}

function ofUser(store: Store, userId: string): Sql {
  const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  return sql`SELECT ${at('roleId')} AS role_id, CAST(NULL AS text) AS group_id
    FROM ${store.table(UserRoleEntity)} AS ur WHERE ${at('userId')} = ${userId}`;
}

function ofMember(store: Store, userId: string, organizationId: string): Sql {
  const { at, membership } = membershipOf(store, userId, organizationId);
  return sql`SELECT ${store.column(MembershipRoleEntity, 'roleId', 'mr')} AS role_id, CAST(NULL AS text) AS group_id
    FROM ${membership} JOIN ${store.table(MembershipRoleEntity)} AS mr
      ON ${store.column(MembershipRoleEntity, 'membershipId', 'mr')} = ${at('id')}`;
}

/** The row of a membership, while its organization exists: memberships of a deleted one go in the background. */
function membershipOf(store: Store, userId: string, organizationId: string) {
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const membership = sql`(SELECT m.* FROM ${store.table(MembershipEntity)} AS m
    JOIN ${store.table(OrganizationEntity)} AS o ON ${store.column(OrganizationEntity, 'id', 'o')} = ${at('organizationId')}
    WHERE ${at('organizationId')} = ${organizationId} AND ${at('userId')} = ${userId}) AS m`;
  return { at, membership };
}

/** Those of the user's groups and of all above them, each once. Groups belong to a later feature, so their tables are named here by text. */
function ofGroups(store: Store, userId: string, organizationId: string | null): Sql {
  const isHere =
    organizationId === null
      ? sql`ug.organization_id IS NULL`
      : sql`ug.organization_id = ${organizationId}
          AND EXISTS (SELECT 1 FROM ${membershipOf(store, userId, organizationId).membership})`;
  return sql`SELECT DISTINCT gr.role_id, gr.group_id FROM group_members AS gm
    JOIN user_groups AS ug ON ug.id = gm.group_id
    JOIN group_closure AS gc ON gc.descendant_id = gm.group_id
    JOIN group_roles AS gr ON gr.group_id = gc.ancestor_id
    WHERE gm.user_id = ${userId} AND ${isHere}`;
}
