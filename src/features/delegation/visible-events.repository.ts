import { reachCondition } from '#src/features/users/reach/user-reach';
import type { Reach } from '#src/features/users/reach/reach';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/**
 * Records (alias `a`) that whoever reaches some users alone may know of: what was done to one of them, or by one of them, and never
 * anything that names a user out of reach.
 */
export function visibleEvents(store: Store, reach: Reach): Sql {
  const within = reachCondition(store, reach) ?? sql`TRUE`;
  const own = reach.userId ?? '';
  const isReached = (column: string): Sql =>
    sql`EXISTS (SELECT 1 FROM "users" "u" WHERE "u"."id" = ${sql.raw(column)} AND ${within})`;
  const byKnown = sql`("a"."actor_id" = ${own} OR ${isReached('"a"."actor_id"')})`;
  return sql`CASE WHEN "a"."target_type" = 'User' AND "a"."target_id" IS NOT NULL
    THEN ${isReached('"a"."target_id"')} AND ("a"."actor_kind" <> 'user' OR ${byKnown}) ELSE ${byKnown} END`;
}
