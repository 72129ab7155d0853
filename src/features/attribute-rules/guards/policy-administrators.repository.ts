import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** As many as are looked at before a change of rules is refused. */
const mostAdministrators = 20;

/** Users who hold `update:attribute_rules` of the gateway, directly or by a role of the whole tenant, and are not blocked. */
export async function findPolicyAdministrators(store: Store): Promise<string[]> {
  const rows = await store.query<{ id: string }>(
    sql`SELECT "u"."id" AS "id" FROM "users" "u" WHERE "u"."blocked" = ${false} AND "u"."id" IN (
      SELECT "up"."user_id" FROM "user_permissions" "up" JOIN "permissions" "p" ON "p"."id" = "up"."permission_id"
        JOIN "resource_servers" "rs" ON "rs"."id" = "p"."resource_server_id"
        WHERE "p"."name" = 'update:attribute_rules' AND "rs"."is_system" = ${true}
      UNION SELECT "ur"."user_id" FROM "user_roles" "ur" JOIN "role_permissions" "rp" ON "rp"."role_id" = "ur"."role_id"
        JOIN "permissions" "p" ON "p"."id" = "rp"."permission_id"
        JOIN "resource_servers" "rs" ON "rs"."id" = "p"."resource_server_id"
        WHERE "p"."name" = 'update:attribute_rules' AND "rs"."is_system" = ${true}
    ) ORDER BY "u"."id" LIMIT ${mostAdministrators}`,
    { id: 'text' },
  );
  return rows.map(({ id }) => id);
}
