import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Ids and names of the gateway's own permissions. */
export function findGatewayPermissions(store: Store): Promise<{ id: string; name: string }[]> {
  return store.query<{ id: string; name: string }>(
    sql`SELECT "p"."id" AS "id", "p"."name" AS "name" FROM "permissions" "p"
      JOIN "resource_servers" "s" ON "s"."id" = "p"."resource_server_id" AND "s"."is_system" = TRUE`,
    { id: 'text', name: 'text' },
  );
}

/**
 * Whether a sign-in through the connection may bring any of these permissions: somebody with an identity there holds one, anywhere, or
 * a role that has one is given to whom the provider names in a group, or to who becomes a member by signing in.
 */
export async function bringsPermission(
  store: Store,
  connection: string,
  permissionIds: readonly string[],
): Promise<boolean> {
  const isBeyond = (column: Sql): Sql => store.dialect.anyOf(column, permissionIds);
  const isThere = (userId: Sql): Sql =>
    sql`EXISTS (SELECT 1 FROM "identities" "i" WHERE "i"."connection" = ${connection} AND "i"."user_id" = ${userId})`;
  // Users, memberships and groups belong to other features, so their tables are named by text.
  const rows = await store.query<{ found: string }>(
    sql`WITH "beyond" AS (
        SELECT DISTINCT "rp"."role_id" FROM "role_permissions" "rp" WHERE ${isBeyond(sql`"rp"."permission_id"`)})
      SELECT 'x' AS "found" WHERE EXISTS (
        SELECT 1 FROM "user_permissions" "up"
        WHERE ${isBeyond(sql`"up"."permission_id"`)} AND ${isThere(sql`"up"."user_id"`)})
      OR EXISTS (
        SELECT 1 FROM "beyond" "b" JOIN "user_roles" "ur" ON "ur"."role_id" = "b"."role_id"
        WHERE ${isThere(sql`"ur"."user_id"`)})
      OR EXISTS (
        SELECT 1 FROM "beyond" "b" JOIN "membership_roles" "mr" ON "mr"."role_id" = "b"."role_id"
        JOIN "memberships" "m" ON "m"."id" = "mr"."membership_id" WHERE ${isThere(sql`"m"."user_id"`)})
      OR EXISTS (
        SELECT 1 FROM "beyond" "b" JOIN "group_roles" "gr" ON "gr"."role_id" = "b"."role_id"
        JOIN "group_closure" "gc" ON "gc"."ancestor_id" = "gr"."group_id"
        JOIN "group_members" "gm" ON "gm"."group_id" = "gc"."descendant_id" WHERE ${isThere(sql`"gm"."user_id"`)})
      OR EXISTS (
        SELECT 1 FROM "beyond" "b" JOIN "group_roles" "gr" ON "gr"."role_id" = "b"."role_id"
        JOIN "group_closure" "gc" ON "gc"."ancestor_id" = "gr"."group_id"
        JOIN "group_mappings" "gp" ON "gp"."group_id" = "gc"."descendant_id"
        JOIN "connections" "c" ON "c"."id" = "gp"."connection_id" WHERE "c"."name" = ${connection})
      OR EXISTS (
        SELECT 1 FROM "beyond" "b" JOIN "organization_connection_roles" "ocr" ON "ocr"."role_id" = "b"."role_id"
        JOIN "connections" "c" ON "c"."id" = "ocr"."connection_id" WHERE "c"."name" = ${connection})`,
    { found: 'text' },
  );
  return rows.length > 0;
}
