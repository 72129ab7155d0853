import type { BulkLoadDialect } from '#src/storage/dialect/bulk-load';
import type { Parameter, Sql } from '#src/storage/sql';
import type { ColumnKind } from '#src/storage/store';

/** What the product needs of a database and each database says in its own way. */
export interface Dialect {
  readonly name: string;

  /** The placeholder of the n-th value; the same position may be used twice. */
  placeholder(position: number): string;
  /** A value as the driver takes it. Refuses what one of the databases could not store: NUL, broken Unicode, NaN, unsafe integers. */
  bind(value: unknown): unknown;
  /**
   * The source of an `INSERT` of many rows, bound as a few values however many rows there are, so that its text stays the same. Values are
   * encoded already; fractions are not among them, because not every database reads their decimal form to the last bit.
   */
  rows(kinds: readonly ColumnKind[], rows: readonly (readonly unknown[])[]): Sql;
  /** Membership in a list that is bound as one value: `anyOf('u.id', ':ids')` in a read, `anyOf(column, ids)` in composed SQL. */
  anyOf(column: string, parameter: string): string;
  anyOf(column: Sql, values: readonly (string | number)[]): Sql;
  /** Membership in what a statement with one column finds; the statement does not depend on the row and is run once. */
  amongFound(column: Sql, statement: Sql): Sql;

  /** Text that begins with `prefix`, case-sensitive, as a range that an index serves. */
  prefix(column: Sql, prefix: string): Sql;
  /** LIKE, case-sensitive: `%` any text, `_` one character, `\` takes the next character as it is (see `escapeLike`). */
  like(column: Sql, pattern: string): Sql;

  /**
   * Folds the rows of a group, or of a sub-query, into one JSON array of arrays: a member of kind `json`.
   * `[]` when there are no rows. `orderBy` is SQL text.
   */
  jsonArrayAggregate(columns: readonly FoldedColumn[], orderBy?: string): string;

  /** One text column of all rows as a flat JSON array, an empty one for no row: a member of kind `json`, at half the price of arrays of one. */
  jsonTextAggregate(column: string): string;

  /** The columns of one row as one JSON array: a member of kind `json`. */
  jsonArray(columns: readonly FoldedColumn[]): string;

  /**
   * The first rows of each key, for `FROM`: at most `limit` rows of `table` for each of `keys`, in `orderBy`, read through
   * an index on (parent, order). Columns of the table are under `alias`, which `parent`, `where` and `orderBy` use as well.
   */
  firstPerKey(options: FirstPerKey): Sql;
  /** The same as a statement in no order: each row with the one of another table that it belongs to; one without does not count. */
  joinedFirstPerKey(options: JoinedFirstPerKey): Sql;

  /** Order of one column. NULL is smaller than every value on every database. */
  order(column: string, direction: Direction, nullable: boolean): string;
  /** The same for `addOrderBy` in a read: where NULL has to be placed by name. */
  nulls(direction: Direction, nullable: boolean): 'NULLS FIRST' | 'NULLS LAST' | undefined;

  /** Whether two long lists are joined faster than one is looked up in the other's index, member by member. */
  readonly joinsLists: boolean;
  /** Whether a transaction that writes keeps all other writers waiting, and has to be short for that reason. */
  readonly hasOneWriter: boolean;
  /** The instant at which the database runs the statement, in milliseconds: one clock for all nodes. */
  readonly now: Sql;
  /** Appended to a SELECT inside a transaction: nobody else changes these rows before its end. Empty where writers are serialised. */
  readonly forUpdate: Sql;
  /** Appended likewise: others may read and lock these rows so too, and nobody changes or deletes them before the end. */
  readonly forShare: Sql;
  /** As `forUpdate`, for the rows of one alias of a join. */
  forUpdateOf(alias: string): Sql;
  /** As `forUpdate`, passing over rows that another transaction has taken. */
  readonly forUpdateOfFree: Sql;
  /** A statement for `execute` inside a transaction: waits until no other transaction holds the lock of this name. */
  advisoryLock(name: string): Sql;
  /**
   * Lets the present transaction be committed before it is on disk: after a loss of power the last such transactions may be missing, each
   * of them whole. For work that is done again then, because how far it came is written in the same transaction.
   */
  readonly commitLazily: Sql;
  /** A statement for `execute` inside a transaction: tells those who listen on the channel after the commit (`signals.ts`). */
  signal(channel: string): Sql;

  /**
   * A statement with one column, `key`, for the ids of users that have a text with these literal parts, in this order and with any text between
   * them, in this column: `['', 'smi', '']` is any text with `smi` in it. Served by trigrams where a part has three characters.
   */
  usersWithText(column: TrigramColumn, parts: readonly string[]): Sql;
  /**
   * For `FROM`: the rows of `table` under `alias` whose `key` is among the different values that `keys` answers. The keys are
   * read first, then one row after the other, whatever the database thinks of it.
   */
  rowsByKeys(options: RowsByKeys): Sql;
  /**
   * A statement that walks through at most `most` rows of `table` in their order and answers the first that fulfil the
   * condition. The condition is no way into the table: the index of the order is, whatever the database thinks of it.
   */
  walk(options: Walk): Sql;

  readonly bulkLoad: BulkLoadDialect;
}

/** The columns of `users` with trigrams. */
export type TrigramColumn =
  | 'email_folded'
  | 'username'
  | 'phone_number'
  | 'name_folded'
  | 'given_name_folded'
  | 'family_name_folded'
  | 'nickname_folded';

export interface Walk {
  readonly columns: Sql;
  /** Quoted name of the table (`store.table(…)`). */
  readonly table: Sql;
  /** Columns, condition and order name the table so. */
  readonly alias: string;
  /** Where in the order the walk begins. */
  readonly from: Sql;
  readonly orderBy: Sql;
  readonly most: number;
  readonly condition: Sql;
  readonly limit: number;
}

export interface RowsByKeys {
  /** A statement with one column, named `key`. */
  readonly keys: Sql;
  /** Quoted name of the table (`store.table(…)`). */
  readonly table: Sql;
  readonly alias: string;
  /** The column under the alias. */
  readonly key: Sql;
}

export type Direction = 'asc' | 'desc';

export interface FoldedColumn {
  /** SQL text; a property path such as `r.name` is understood inside a read. */
  readonly sql: string;
  readonly kind: ColumnKind;
}

export interface FirstPerKey {
  readonly keys: readonly string[] | Parameter;
  /** Quoted name of the table (`store.table(…)`). */
  readonly table: Sql;
  readonly alias: string;
  /** The column that holds the key, for example `store.column(SessionEntity, 'userId', 's')`. */
  readonly parent: Sql;
  /** The primary key column. */
  readonly id: Sql;
  readonly where?: Sql;
  readonly orderBy: Sql;
  readonly limit: number | Parameter;
  /** A key has few rows, and of those few fulfil `where`: all of them may be looked at. Only where the number of a key's rows stays small. */
  readonly isRare?: boolean;
}

export interface JoinedFirstPerKey extends FirstPerKey {
  /** Of both tables, each under a name of its own. */
  readonly columns: Sql;
  readonly joined: { readonly table: Sql; readonly alias: string; readonly on: Sql };
}

/** The text as a LIKE pattern that matches only itself. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
