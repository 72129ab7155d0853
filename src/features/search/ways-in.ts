import type { Reach } from '#src/features/users/reach/reach';
import { sql, type Sql } from '#src/storage/sql';
import { compileIds, compilePredicate, type SearchTables } from './compile-predicate';
import type { Predicate } from './predicate';
import { driversOf, withoutDriver } from './search-strategy';

/** A statement for the ids of users among whom all users of a list are, and what is left to be asked about each of them. */
export interface WayIn {
  /** One column, `key`; an id may come several times. */
  readonly ids: Sql;
  /** Null: nothing is left. */
  readonly rest: Sql | null;
  /** Whether the database finds the first ids without having found the last. */
  readonly isStreamed: boolean;
}

/** The ways into the users that fulfil the predicate and lie within the reach, the most promising first. */
export function waysIn(predicate: Predicate, reach: Reach | null, tables: SearchTables): readonly WayIn[] {
  const ways = driversOf(predicate).map((driver): WayIn => {
    const rest = withoutDriver(predicate, driver);
    return {
      ids: compileIds(driver.tests, tables),
      rest: rest.kind === 'true' ? null : compilePredicate(rest, tables),
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
  const rest = predicate.kind === 'true' ? null : compilePredicate(predicate, tables);
  return [{ ids, rest, isStreamed: true }, ...ways];
}
