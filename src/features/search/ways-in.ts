import type { Reach } from '#src/features/users/reach/reach';
import { sql, type Sql } from '#src/storage/sql';
import { compileIds, compilePredicate, type SearchTables } from './compile-predicate';
import type { Predicate } from './predicate';
import { driversOf, splitByRow, withoutDriver } from './search-strategy';

/** A statement for the ids of users among whom all users of a list are, and what is left to be asked about each of them. */
export interface WayIn {
  /** One column, `key`; an id may come several times. */
  readonly ids: Sql;
  /** What can be asked of the id alone, before the user is read; null: nothing. */
  readonly ofId: Sql | null;
  /** What is asked of the user; null: nothing is left. */
  readonly rest: Sql | null;
  /** Whether the database finds the first ids without having found the last. */
  readonly isStreamed: boolean;
}

/** The ways into the users that fulfil the predicate and lie within the reach, the most promising first. */
export function waysIn(predicate: Predicate, reach: Reach | null, tables: SearchTables): readonly WayIn[] {
  const ways = driversOf(predicate).map((driver): WayIn => {
    const { owned, own } = splitByRow(withoutDriver(predicate, driver));
    return {
      ids: compileIds(driver.tests, tables),
      ofId: compiled(owned, tables),
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
  return [{ ids, ofId: null, rest: compiled(predicate, tables), isStreamed: true }, ...ways];
}

function compiled(predicate: Predicate, tables: SearchTables): Sql | null {
  return predicate.kind === 'true' ? null : compilePredicate(predicate, tables);
}

/** The keys in `"ids"` that fulfil what can be asked of an id. The condition names the user `u`, of whom only the id is here. */
export function keysOf({ ofId }: WayIn, isWanted: Sql | null = null): Sql {
  const condition = sql.and([isWanted, ofId]);
  return sql`SELECT "u"."id" AS "key" FROM (SELECT "key" AS "id" FROM "ids") AS "u" WHERE ${condition}`;
}
