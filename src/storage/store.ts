import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
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
  readonly build: (builder: SelectQueryBuilder<ObjectLiteral>, dialect: Dialect) => SelectQueryBuilder<ObjectLiteral>;
  readonly select: Selection<Row>;
  /** Only for the compiler: which parameters the read takes. */
  readonly parameters?: Parameters;
}

/** For each property of the row, the column or expression it comes from. Made by `columnsOf` and `expression`. */
export type Selection<Row> = { readonly [property in keyof Row]: SelectedColumn };

export interface SelectedColumn {
  /** SQL with quoted identifiers, for example `"u"."email_verified"`. May depend on the database. */
  readonly sql: (context: SelectContext) => string;
  readonly kind: ColumnKind | ((context: SelectContext) => ColumnKind);
}

export interface SelectContext {
  readonly dialect: Dialect;
  /** Quoted column of an entity under an alias, checked against the entity's metadata. */
  column(entity: EntityClass<object>, property: string, alias: string): { sql: string; kind: ColumnKind };
}

export type Where<Entity> = { readonly [property in keyof Entity]?: Entity[property] | readonly NonNullable<Entity[property]>[] | null };

/**
 * The narrow handle that repositories take as their first argument. Whoever holds the store of a transaction is inside it.
 * Outside a transaction reads go to the read connections.
 */
export interface Store {
  readonly dialect: Dialect;
  /** Statements sent through this handle, its transactions included. */
  readonly statements: number;
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects. Inside a transaction it joins it.
   * Serialisation failures and deadlocks are retried up to 3 times, so `work` must have no effect outside the database.
   * Writing methods work only inside a transaction.
   */
  transaction<Result>(work: (store: Store) => Promise<Result>): Promise<Result>;
  /** Runs a constant read as a prepared statement. */
  read<Parameters extends object, Row extends object>(read: Read<Parameters, Row>, parameters: Parameters): Promise<Row[]>;
  /** Runs a composed statement whose values are all bound; `kinds` says how to decode the named result columns. */
  query<Row extends object>(statement: Sql, kinds: { readonly [property in keyof Row]: ColumnKind }, options?: QueryOptions): Promise<Row[]>;
  /** Quoted column for use in composed SQL, checked against the entity. */
  column<Entity extends object>(entity: EntityClass<Entity>, property: keyof Entity & string, alias: string): Sql;
  /** Quoted table name of an entity. */
  table(entity: EntityClass<object>): Sql;
  /** Inserts rows (all with the same properties); answers how many were inserted. `ignoreConflicts` skips rows that violate a unique rule. */
  insert<Entity extends object>(entity: EntityClass<Entity>, rows: Partial<Entity> | readonly Partial<Entity>[], options?: { readonly ignoreConflicts?: boolean }): Promise<number>;
  /** Updates by equality (a list means any of, null means IS NULL; an undefined value is an error); answers the number of rows. */
  update<Entity extends object>(entity: EntityClass<Entity>, where: Where<Entity>, set: Partial<Entity>): Promise<number>;
  delete<Entity extends object>(entity: EntityClass<Entity>, where: Where<Entity>): Promise<number>;
  /** Runs a composed statement that returns no rows; answers the number of rows it changed. */
  execute(statement: Sql): Promise<number>;
}

export interface QueryOptions {
  /** Milliseconds after which the statement is cancelled inside the database and SEARCH_TIMEOUT-like errors are thrown. */
  readonly timeoutMs?: number;
}

/** The open database. Reads run on read connections; transactions are strictly serialised on SQLite and pooled on PostgreSQL. */
export interface Storage {
  readonly dialect: Dialect;
  /** A handle with a statement counter of its own: one for each request, job or command. Costs nothing to make. */
  open(): Store;
  /** Resolves when the database answers a trivial read within a second. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
