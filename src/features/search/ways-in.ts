import type { Reach } from '#src/features/users/reach/reach';
import { sql, type Sql } from '#src/storage/sql';
import { compileIds, compilePredicate, type SearchTables } from './compile-predicate';
import type { Predicate } from './predicate';
import { driversOf, partnerOf, splitByRow, withoutDriver, type Driver } from './search-strategy';

/** A statement for the ids of users among whom all users of a list are, and what is left to be asked about each of them. */
export interface WayIn {
  /** One column, `key`; an id may come several times. */
  readonly ids: Sql;
  /** What can be asked of the id alone, before the user is read; null: nothing. */
  readonly ofId: Sql | null;
  /** A part of `ofId` of which the database has the list of all ids; null: there is none. */
  readonly partner: Partner | null;
  /** What is asked of the user; null: nothing is left. */
  readonly rest: Sql | null;
  /** Whether the database finds the first ids without having found the last. */
  readonly isStreamed: boolean;
}

/** Another way into the same users, to be held against the first as a whole. */
interface Partner {
  readonly ids: Sql;
  /** The same asked of one id. */
  readonly condition: Sql;
  /** The rest of `ofId`; null: there is none. */
  readonly others: Sql | null;
}

/** The ways into the users that fulfil the predicate and lie within the reach, the most promising first. */
export function waysIn(predicate: Predicate, reach: Reach | null, tables: SearchTables): readonly WayIn[] {
  const drivers = driversOf(predicate);
  const ways = drivers.map((driver): WayIn => {
    const { owned, own } = splitByRow(withoutDriver(predicate, driver));
    return {
      ids: compileIds(driver.tests, tables),
      ofId: compiled(owned, tables),
      partner: partner(owned, partnerOf(driver, drivers), tables),
      rest: compiled(own, tables),
      isStreamed: driver.isStreamed,
    };
  });
  const organizationId = reach?.organizationId ?? null;
  if (organizationId === null) return ways;
  const members = compileIds(
    [{ kind: 'test', target: { of: 'organization' }, test: 'equals', value: organizationId }],
    tables,
  );
  const ids = sql`${members} UNION ALL SELECT ${reach?.userId ?? ''}`;
  return [{ ids, ofId: null, partner: null, rest: compiled(predicate, tables), isStreamed: true }, ...ways];
}

function partner(owned: Predicate, driver: Driver | null, tables: SearchTables): Partner | null {
  if (!driver?.conjunct || !tables.dialect.joinsLists) return null;
  return {
    ids: compileIds(driver.tests, tables),
    condition: compilePredicate(driver.conjunct, tables),
    others: compiled(withoutDriver(owned, driver), tables),
  };
}

function compiled(predicate: Predicate, tables: SearchTables): Sql | null {
  return predicate.kind === 'true' ? null : compilePredicate(predicate, tables);
}

/** The keys in `"ids"` that fulfil what can be asked of an id. The condition names the user `u`, of whom only the id is here. */
export function keysOf({ ofId }: WayIn, isWanted: Sql | null = null): Sql {
  const condition = sql.and([isWanted, ofId]);
  return sql`SELECT "u"."id" AS "key" FROM (SELECT "key" AS "id" FROM "ids") AS "u" WHERE ${condition}`;
}

const sampled = 100;
/** With more of a sample, the partner is a list of most users, and asking each id is quicker than reading that. */
const mostOfSample = 25;

/** The same where the ids may be many: they are held against their partner's as a whole, if they are more than are asked one by one, and that seems to be a list of few users. */
export function keysOfMany(way: WayIn, mostCollected: number): Sql {
  const { ofId, partner } = way;
  if (!partner) return keysOf(way);
  const { ids, condition, others } = partner;
  const sample = sql`SELECT 1 FROM (SELECT "key" AS "id" FROM "ids" LIMIT ${sql.raw(String(sampled))}) AS "u" WHERE ${condition}`;
  const isWorthIt = sql`((SELECT COUNT(*) FROM "ids") > ${mostCollected}
    AND (SELECT COUNT(*) FROM (${sample}) AS "sample") <= ${sql.raw(String(mostOfSample))})`;
  // INTERSECT and no join: of a narrow range of names the database expects one, and would look up the partner's ids for each of thousands.
  const shared = sql`SELECT "key" AS "id" FROM "ids" WHERE ${isWorthIt}
    INTERSECT SELECT "key" FROM (${ids}) AS "partner" WHERE ${isWorthIt}`;
  const joined = sql`SELECT "u"."id" AS "key" FROM (${shared}) AS "u" WHERE ${others ?? sql`TRUE`}`;
  const asked = sql`SELECT "u"."id" AS "key" FROM (SELECT "key" AS "id" FROM "ids" ORDER BY "key") AS "u"
    WHERE ${sql.and([sql`NOT (${isWorthIt})`, ofId])}`;
  return sql`${joined} UNION ALL ${asked}`;
}
