import type { Sql } from '#src/storage/sql';

/** What filling an empty database at once needs of a database. */
export interface BulkLoadDialect {
  /** Every index that no rule depends on and every trigger, with the statements that drop it and make it again. */
  readonly setAside: Sql;
  /** One row, whose `n` is 1 while something is set aside. */
  readonly isUnderWay: Sql;
  /** Fills the tables that triggers would have filled; may be run again. */
  readonly derived: readonly Sql[];
  /** Lets the database find out how values are spread: in a transaction, or where it refuses to be in one, outside. */
  readonly learn: { readonly statement: Sql; readonly isAlone: boolean };
}
