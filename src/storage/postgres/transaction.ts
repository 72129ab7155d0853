import type { PoolClient, QueryResult } from 'pg';
import type { Connection, Statement } from '#src/storage/driver';
import type { StatementNames } from '#src/storage/postgres/statements';
import type { RawRow } from '#src/storage/row-codec';

/** One client of the pool while a transaction has it. The client itself runs statements one after the other. */
export class PostgresTransaction implements Connection {
  /** The first failure, as the driver gave it: a transaction with a failed statement is not committed, on no database. */
  failure: unknown = null;
  private isOver = false;

  constructor(
    private readonly client: PoolClient,
    private readonly names: StatementNames,
    private readonly translate: (error: unknown, text: string) => Error,
  ) {}

  async all(statement: Statement): Promise<RawRow[]> {
    return (await this.send(statement)).rows as RawRow[];
  }

  async run(statement: Statement): Promise<number> {
    return (await this.send(statement)).rowCount ?? 0;
  }

  /** BEGIN, COMMIT. */
  async control(text: string): Promise<void> {
    await this.send({ text, values: [] }, false);
  }

  /** Refuses further statements. Those under way are answered before the client runs what follows. */
  end(): void {
    this.isOver = true;
  }

  private async send(statement: Statement, isWork = true): Promise<QueryResult> {
    if (this.isOver && isWork)
      throw new TypeError('This transaction is over: its store cannot be used any more.');
    try {
      return await this.client.query(isWork ? this.names.config(statement) : { text: statement.text });
    } catch (error) {
      this.failure ??= error;
      throw this.translate(error, statement.text);
    }
  }
}
