import type { Reach } from './reach';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/**
 * The condition that a row of `users` under the alias `u` lies within the reach, for composed statements of lists and counts; null: no
 * condition. Memberships belong to a later feature, so their table is named here by text.
 */
export function reachCondition(store: Store, reach: Reach | null): Sql | null {
  if (reach === null) return null;
  const { organizationId, filter } = reach;
  return sql.and([
    organizationId === null ? null : withinOrganization(organizationId, reach.userId),
    filter === null ? null : filter.condition(store),
  ]);
}

/** The same for a user who is named: everybody may know of himself. */
export function reachOfOne(store: Store, reach: Reach | null): Sql | null {
  const condition = reachCondition(store, reach);
  return condition === null ? null : sql`("u"."id" = ${reach?.userId ?? ''} OR (${condition}))`;
}

function withinOrganization(organizationId: string, userId: string | null): Sql {
  return sql`("u"."id" = ${userId ?? ''} OR EXISTS (
    SELECT 1 FROM "memberships" "reach" WHERE "reach"."user_id" = "u"."id" AND "reach"."organization_id" = ${organizationId}))`;
}

/** The reach of an organization inside a constant read, whose parameters `:reachUser` and `:reachOrganization` hold it (see `reachParameters`). */
export const reachText =
  '("u"."id" = :reachUser OR EXISTS (SELECT 1 FROM "memberships" "reach" ' +
  'WHERE "reach"."user_id" = "u"."id" AND "reach"."organization_id" = :reachOrganization))';

export interface ReachParameters {
  readonly reachUser: string;
  readonly reachOrganization: string;
}

/** Null where the reach takes more than the constant read asks. */
export function reachParameters({ organizationId, userId, filter }: Reach): ReachParameters | null {
  if (organizationId === null || filter !== null) return null;
  // The empty text is nobody's id.
  return { reachUser: userId ?? '', reachOrganization: organizationId };
}
