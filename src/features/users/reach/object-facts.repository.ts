import { UserEntity } from '#src/features/users/user.entity';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

export interface FactRow {
  readonly userId: string;
  readonly kind: 'connection' | 'strategy' | 'organization';
  readonly value: string;
}

/**
 * The connections, their strategies and the organizations of users, in one statement. Identities and memberships belong to later features, so their
 * tables are named here by text.
 */
export function findFacts(store: Store, userIds: readonly string[]): Promise<FactRow[]> {
  const among = (column: string) => store.dialect.anyOf(sql.raw(column), userIds);
  const statement = sql`
    SELECT "u"."id" AS "userId", 'connection' AS "kind", "u"."connection" AS "value"
      FROM ${store.table(UserEntity)} "u" WHERE ${among('"u"."id"')}
    UNION SELECT "i"."user_id", 'connection', "i"."connection" FROM "identities" "i" WHERE ${among('"i"."user_id"')}
    UNION SELECT "i"."user_id", 'strategy', "i"."provider" FROM "identities" "i" WHERE ${among('"i"."user_id"')}
    UNION SELECT "m"."user_id", 'organization', "m"."organization_id" FROM "memberships" "m"
      JOIN "organizations" "o" ON "o"."id" = "m"."organization_id" WHERE ${among('"m"."user_id"')}`;
  return store.query<FactRow>(statement, { userId: 'text', kind: 'text', value: 'text' });
}
