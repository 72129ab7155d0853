import type { Connection, Statement } from '#src/storage/driver';
import type { RawRow } from '#src/storage/row-codec';
import type { SqliteConnection } from '#src/storage/sqlite/connection';

/**
 * The writer while one transaction has it. Statements run strictly one after the other, so that none is left over when the
 * transaction ends; after the end, a statement of a forgotten promise is refused instead of landing in the next transaction.
 */
export class SqliteTransaction implements Connection {
  /** The first failure: a transaction with a failed statement is not committed, on no database. */
  failure: unknown = null;
  private tail: Promise<unknown> = Promise.resolve();
  private isOver = false;

  constructor(private readonly writer: SqliteConnection) {}

  all(statement: Statement): Promise<RawRow[]> {
    return this.enqueue(() => this.writer.all(statement));
  }

  run(statement: Statement): Promise<number> {
    return this.enqueue(() => this.writer.run(statement));
  }

  async runTogether(statements: readonly Statement[]): Promise<number> {
    let changed = 0;
    for (const statement of statements) changed += await this.run(statement);
    return changed;
  }

  /** Refuses further statements and waits for those under way. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.tail;
  }

  private enqueue<Result>(send: () => Promise<Result>): Promise<Result> {
    if (this.isOver)
      return Promise.reject(new TypeError('This transaction is over: its store cannot be used any more.'));
    const result = this.tail.then(send);
    this.tail = result.catch((error: unknown) => {
      this.failure ??= error;
    });
    return result;
  }
}
