import { sql, type Sql } from '#src/storage/sql';

/**
 * Ids (`id`) of the roles that a user has through groups, his own and all above them: groups of the deployment where no organization is
 * meant, and those of the organization for its members. Groups and memberships belong to later features, so their tables are named
 * here by text.
 */
export function rolesThroughGroups(user: Sql, organization: Sql): Sql {
  const context = sql`CAST( ${organization} AS text)`;
  return sql`SELECT "gr"."role_id" AS "id" FROM "group_members" "gm"
    JOIN "user_groups" "ug" ON "ug"."id" = "gm"."group_id"
      AND COALESCE("ug"."organization_id", '') = COALESCE(${context}, '')
    JOIN "group_closure" "gc" ON "gc"."descendant_id" = "gm"."group_id"
    JOIN "group_roles" "gr" ON "gr"."group_id" = "gc"."ancestor_id"
    WHERE "gm"."user_id" = ${user} AND (${context} IS NULL OR EXISTS (
      SELECT 1 FROM "memberships" "gmm" JOIN "organizations" "gmo" ON "gmo"."id" = "gmm"."organization_id"
      WHERE "gmm"."user_id" = ${user} AND "gmm"."organization_id" = ${context}))`;
}
