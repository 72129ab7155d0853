import type { DataSource } from 'typeorm';
import type { Dialect } from '#src/storage/dialect/dialect';
import type { RawRow, RowShape } from '#src/storage/row-codec';
import type { ConnectionLoad } from '#src/storage/store';

/** A statement ready for a driver: text with placeholders, values already bound by the dialect. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Name of a constant read: its prepared form is kept as long as the connection lives. Others share a bounded cache. */
  readonly name?: string;
  /** What its rows look like; without it they stay as the driver gives them. */
  readonly shape?: RowShape;
}

/** A constant read, but for its values. */
export type ShapedRead = Required<Omit<Statement, 'values'>>;

/** One connection, inside a transaction. */
export interface Connection {
  /** Answers the decoded rows. */
  all(statement: Statement): Promise<RawRow[]>;
  /** Answers the number of changed rows. */
  run(statement: Statement): Promise<number>;
  /** Runs one after the other, up to the first that fails, and answers the number of changed rows of all; in one round trip where there is one. */
  runTogether(statements: readonly Statement[]): Promise<number>;
}

/** An open database as its driver offers it. Errors are already translated: see `storage.errors.ts` and `commonErrors`. */
export interface Driver {
  readonly dialect: Dialect;
  /** For the query builder and the metadata of entities; its own connections are not used while serving. */
  readonly dataSource: DataSource;
  read(statement: Statement): Promise<RawRow[]>;
  /** Several constant reads in one round trip: the rows of each. Rejects when any of them fails. Null where there is no way there and back. */
  readonly readTogether: ((statements: readonly Statement[]) => Promise<RawRow[][]>) | null;
  /** The same constant read for several lists of values, all of them texts or null, as one statement: the rows of each. */
  readEach(read: ShapedRead, lists: readonly (readonly unknown[])[]): Promise<RawRow[][]>;
  /** A read that is cancelled inside the database after so many milliseconds; SEARCH_TIMEOUT then. */
  readWithin(statement: Statement, timeoutMs: number): Promise<RawRow[]>;
  /** Begins, runs the work and commits; rolls back when the work fails or any statement in it failed. */
  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** Rejects when what is open is no more what the URL names. Null where that cannot be. */
  readonly checkPlace: (() => Promise<void>) | null;
  /** How busy its connections are. */
  load(): ConnectionLoad;
  close(): Promise<void>;
}

export interface StorageSettings {
  readonly url: string;
  /** PostgreSQL: connections of the pool. */
  readonly poolSize: number;
  /** SQLite: read-only connections, besides half as many for reads with a time limit. */
  readonly readConnections: number;
  /** SQLite: how many kilobytes of pages the writing connection keeps, 24,000 when absent. Who only appends needs few. */
  readonly writerCacheKb?: number;
  /** PostgreSQL: how long to wait for a connection. */
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly busyTimeoutMs: number;
  /** For filling an empty database: no limit of time, and less care for the last transactions before a loss of power. */
  readonly isBulkLoad?: boolean;
}
