import type { Reach, UserFilter } from '#src/features/users/reach/reach';
import type { Dialect } from '#src/storage/dialect/dialect';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { compilePredicate } from './compile-predicate';
import { everything, type Predicate } from './predicate';
import { searchTables } from './search-tables.repository';
import { waysIn } from './ways-in';

/** A filter of users that is a condition of the search: a search takes it as one of its own. */
class PredicateFilter implements UserFilter {
  constructor(
    readonly predicate: Predicate,
    private readonly organizationId: string | null,
  ) {}

  private made: { readonly dialect: Dialect; readonly condition: Sql } | null = null;

  /** Composed once: tables and columns are the same in every store of a dialect. */
  readonly condition: UserFilter['condition'] = (store) => {
    const { dialect } = store;
    if (this.made?.dialect !== dialect) {
      const tables = searchTables(store, this.organizationId);
      this.made = { dialect, condition: sql`(${compilePredicate(this.predicate, tables)})` };
    }
    return this.made.condition;
  };

  readonly keys = (store: Store): Sql | null =>
    waysIn(this.predicate, null, searchTables(store, this.organizationId))[0]?.ids ?? null;
}

/** What a caller bound to `organizationId` reaches is narrowed to the users for whom the predicate holds. */
export function userFilter(predicate: Predicate, organizationId: string | null): UserFilter {
  return new PredicateFilter(predicate, organizationId);
}

/**
 * The reach in two parts: what a search looks for among its own conditions, so that it may be the way into the data, and what is asked
 * of every user besides.
 */
export function splitReach(reach: Reach | null): {
  readonly predicate: Predicate;
  readonly rest: Reach | null;
} {
  if (reach === null || !(reach.filter instanceof PredicateFilter))
    return { predicate: everything, rest: reach };
  const rest = reach.organizationId === null ? null : { ...reach, filter: null };
  return { predicate: reach.filter.predicate, rest };
}
