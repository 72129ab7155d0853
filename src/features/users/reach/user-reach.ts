import type { Reach } from './reach';
import { sql, type Sql } from '#src/storage/sql';

/**
 * The condition that a row of `users` under the alias lies within the reach, for composed statements; null: no condition.
 * Memberships belong to a later feature, so their table is named here by text.
 */
export function reachCondition(reach: Reach | null, alias = 'u'): Sql | null {
  if (reach === null) return null;
  const id = sql.raw(`"${alias}"."id"`);
  return sql`(${id} = ${reach.userId ?? ''} OR EXISTS (
    SELECT 1 FROM "memberships" "reach" WHERE "reach"."user_id" = ${id} AND "reach"."organization_id" = ${reach.organizationId}))`;
}

/** The same inside a constant read, whose parameters `:reachUser` and `:reachOrganization` hold the reach (see `reachParameters`). */
export const reachText =
  '("u"."id" = :reachUser OR EXISTS (SELECT 1 FROM "memberships" "reach" ' +
  'WHERE "reach"."user_id" = "u"."id" AND "reach"."organization_id" = :reachOrganization))';

export interface ReachParameters {
  readonly reachUser: string;
  readonly reachOrganization: string;
}

export function reachParameters(reach: Reach): ReachParameters {
  // The empty text is nobody's id.
  return { reachUser: reach.userId ?? '', reachOrganization: reach.organizationId };
}
