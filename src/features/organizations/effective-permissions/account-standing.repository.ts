import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Names of all permissions of the gateway that a user holds anywhere: directly, by roles, memberships and groups. */
export async function findAllPermissions(store: Store, userId: string): Promise<ReadonlySet<string>> {
  // Memberships, roles and groups belong to other features, so their tables are named by text.
  const rows = await store.query<{ name: string }>(
    sql`SELECT DISTINCT "p"."name" FROM "permissions" "p"
      JOIN "resource_servers" "s" ON "s"."id" = "p"."resource_server_id" AND "s"."is_system" = TRUE
      WHERE "p"."id" IN (
        SELECT "up"."permission_id" FROM "user_permissions" "up" WHERE "up"."user_id" = ${userId}
        UNION SELECT "rp"."permission_id" FROM "role_permissions" "rp" WHERE "rp"."role_id" IN (
          SELECT "ur"."role_id" FROM "user_roles" "ur" WHERE "ur"."user_id" = ${userId}
          UNION SELECT "mr"."role_id" FROM "memberships" "m" JOIN "membership_roles" "mr" ON "mr"."membership_id" = "m"."id"
            WHERE "m"."user_id" = ${userId}
          UNION SELECT "gr"."role_id" FROM "group_members" "gm"
            JOIN "group_closure" "gc" ON "gc"."descendant_id" = "gm"."group_id"
            JOIN "group_roles" "gr" ON "gr"."group_id" = "gc"."ancestor_id" WHERE "gm"."user_id" = ${userId}))`,
    { name: 'text' },
  );
  return new Set(rows.map(({ name }) => name));
}

/** Whether the user is a member of an organization besides this one. */
export async function isMemberElsewhere(
  store: Store,
  userId: string,
  organizationId: string,
): Promise<boolean> {
  const rows = await store.query<{ id: string }>(
    sql`SELECT "m"."id" AS "id" FROM "memberships" "m" JOIN "organizations" "o" ON "o"."id" = "m"."organization_id"
      WHERE "m"."user_id" = ${userId} AND "m"."organization_id" <> ${organizationId} LIMIT 1`,
    { id: 'text' },
  );
  return rows.length > 0;
}
