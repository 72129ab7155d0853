import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Cursors } from '#src/storage/cursor';
import type { Dialect } from '#src/storage/dialect/dialect';
import type { Sql } from '#src/storage/sql';

/** How a column travels between the database and a row: see `row-codec.ts`. Instants are integers and need no conversion. */
export type ColumnKind = 'text' | 'integer' | 'number' | 'boolean' | 'instant' | 'json';

export type EntityClass<Entity> = new () => Entity;

/**
 * A read whose SQL text never changes, built once for each database by TypeORM's query builder from the entities.
 * `build` names its parameters `:ids`, `:userId`, …; a list of keys is one parameter (`dialect.anyOf`).
 */
export interface Read<Parameters extends object, Row extends object> {
  readonly name: string;
  readonly build: (
    builder: SelectQueryBuilder<ObjectLiteral>,
    dialect: Dialect,
  ) => SelectQueryBuilder<ObjectLiteral>;
  readonly select: Selection<Row>;
  /** Name of the parameter that holds how many rows are wanted at most. */
  readonly limit?: keyof Parameters & string;
  /** Requests that ask for it at the same moment are answered by one statement: for reads of few rows that many requests begin with. */
  readonly isGathered?: Parameters[keyof Parameters] extends string | null ? true : never;
  /** Only for the compiler: which parameters the read takes. */
  readonly parameters?: Parameters;
}

/**
 * A read that the query builder cannot say, composed once for each database and choice of columns, so that reading costs no more than
 * binding its values: they are named by `sql.parameter('ids')`. What differs in more than its values is another read.
 */
export interface ComposedRead<Parameters extends object, Row extends object> {
  readonly name: string;
  /** `columns` are those of the selection that are wanted. */
  readonly compose: (composer: Composer, columns: Sql) => Sql;
  readonly select: Selection<Row>;
  /** Only for the compiler: which parameters the read takes. */
  readonly parameters?: Parameters;
}

/** What SQL is composed with. */
export type Composer = Pick<Store, 'dialect' | 'column' | 'table'>;

/** For each property of the row, the column or expression it comes from. Made by `columnsOf` and `expression`. */
export type Selection<Row> = { readonly [property in keyof Row]: SelectedColumn<Row[property]> };

declare const rowType: unique symbol;

/** How to decode each property of a row. Made by `store.selection`, or written out: `{ total: 'integer' }`. */
export type Kinds<Row> = { readonly [property in keyof Row]: ColumnKind } & { readonly [rowType]?: Row };

/** The row that a selection gives: `type UserRow = RowOf<typeof userSelection>`. */
export type RowOf<Selected> = {
  readonly [property in keyof Selected]: Selected[property] extends SelectedColumn<infer Value>
    ? Value
    : never;
};

export interface SelectedColumn<Value = unknown> {
  /** SQL with quoted identifiers, for example `"u"."email_verified"`. May depend on the database. */
  readonly sql: (context: SelectContext) => string;
  readonly kind: ColumnKind;
  /** Only for the compiler: the type of the decoded value. */
  readonly value?: Value;
}

export interface SelectContext {
  readonly dialect: Dialect;
  /** Quoted column of an entity under an alias, checked against the entity's metadata. */
  column(entity: EntityClass<object>, property: string, alias: string): { sql: string; kind: ColumnKind };
}

export type Where<Entity> = {
  readonly [property in keyof Entity]?: Entity[property] | readonly NonNullable<Entity[property]>[] | null;
};

/** Sizes of pages of every list. */
export interface PageLimits {
  /** Most rows of one page. */
  readonly maximum: number;
  /** Rows of a page when neither `first` nor `last` is given. */
  readonly usual: number;
}

/** Rows of one table, all with the same properties. */
export type Batch = readonly [entity: EntityClass<object>, rows: readonly object[]];

/**
 * The narrow handle that repositories take as their first argument. Whoever holds the store of a transaction is inside it.
 * Outside a transaction reads go to the read connections.
 */
export interface Store {
  readonly dialect: Dialect;
  readonly cursors: Cursors;
  readonly pageLimits: PageLimits;
  /** Statements sent through this handle, its transactions included. */
  readonly statements: number;
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects. Inside a transaction it joins it.
   * Serialisation failures and deadlocks are retried up to 3 times, so `work` must have no effect outside the database.
   * Writing methods work only inside a transaction.
   */
  transaction<Result>(work: (store: Store) => Promise<Result>): Promise<Result>;
  /**
   * Runs a constant read as a prepared statement. With `only`, rows may be without the other properties of the selection: for
   * callers who know that nobody will look at them.
   */
  read<Parameters extends object, Row extends object>(
    read: Read<Parameters, Row> | ComposedRead<Parameters, Row>,
    parameters: Parameters,
    only?: readonly string[],
  ): Promise<Row[]>;
  /**
   * What `read` answers, from memory where no table of settings has changed since it was asked for under this key (`settings/settings-tables.ts`).
   * Takes one statement for the version of settings, unless this handle has learned it. The answer is frozen; null is not kept. A transaction
   * that changes settings reads them itself.
   */
  kept<Result extends object | null>(key: string, read: () => Promise<Result>): Promise<Result>;
  /** The version of settings that a statement of this handle has just read on its way (`settingsVersion`); null: the next `kept` reads it. */
  settingsAre(version: string | null): void;
  /** Runs a composed statement whose values are all bound; `kinds` says how to decode the named result columns. */
  query<Row extends object>(statement: Sql, kinds: Kinds<Row>, options?: QueryOptions): Promise<Row[]>;
  /**
   * A selection for composed SQL: the list of columns under their property names, and the kinds for `query`; `only` as in `read`.
   */
  selection<Row extends object>(selection: Selection<Row>, only?: readonly string[]): SelectionSql<Row>;
  /** Quoted column for use in composed SQL, checked against the entity. */
  column<Entity extends object>(
    entity: EntityClass<Entity>,
    property: keyof Entity & string,
    alias: string,
  ): Sql;
  /** Quoted table name of an entity. */
  table(entity: EntityClass<object>): Sql;
  /** Inserts rows (all with the same properties); answers how many were inserted. */
  insert<Entity extends object>(
    entity: EntityClass<Entity>,
    rows: Partial<Entity> | readonly Partial<Entity>[],
    options?: InsertOptions,
  ): Promise<number>;
  /** Inserts rows into several tables, in this order and in one round trip where there is one; answers how many. */
  insertAll(batches: readonly Batch[]): Promise<number>;
  /** Inserts the row when the work of the transaction is done, together with all others of its table: for records that nobody reads before. */
  insertLast<Entity extends object>(entity: EntityClass<Entity>, row: Partial<Entity>): void;
  /** Inserts rows; a row whose `key` properties are stored already replaces the other properties of that row. */
  upsert<Entity extends object>(
    entity: EntityClass<Entity>,
    rows: Partial<Entity> | readonly Partial<Entity>[],
    key: readonly (keyof Entity & string)[],
  ): Promise<number>;
  /** Updates by equality (a list means any of, null means IS NULL; an undefined value is an error); answers the number of rows. */
  update<Entity extends object>(
    entity: EntityClass<Entity>,
    where: Where<Entity>,
    set: Partial<Entity>,
  ): Promise<number>;
  delete<Entity extends object>(entity: EntityClass<Entity>, where: Where<Entity>): Promise<number>;
  /** Runs a composed statement that returns no rows; answers the number of rows it changed. */
  execute(statement: Sql): Promise<number>;
}

export interface InsertOptions {
  /** Skips rows that violate a unique rule. */
  readonly ignoreConflicts?: boolean;
  /** What follows a FROM: the one row is inserted if that gives a row. */
  readonly from?: Sql;
}

export interface QueryOptions {
  /** Milliseconds after which the statement is cancelled inside the database and SEARCH_TIMEOUT is thrown. */
  readonly timeoutMs?: number;
}

export interface SelectionSql<Row> {
  readonly columns: Sql;
  readonly kinds: Kinds<Row>;
}

/** Connections of an open database, for operators. */
export interface ConnectionLoad {
  readonly total: number;
  readonly idle: number;
  /** Transactions and statements that wait for a connection. */
  readonly waiting: number;
}

/** The open database. Reads run on read connections; transactions are strictly serialised on SQLite and pooled on PostgreSQL. */
export interface Storage {
  readonly dialect: Dialect;
  readonly cursors: Cursors;
  /** A handle with a statement counter of its own: one for each request, job or command. Costs nothing to make. */
  open(): Store;
  /** Resolves when the database answers a trivial read within a second. */
  ping(): Promise<void>;
  /** How busy the connections are at this moment. */
  load(): ConnectionLoad;
  close(): Promise<void>;
}
