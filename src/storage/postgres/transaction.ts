import type { PoolClient } from 'pg';
import type { Connection, Statement } from '#src/storage/driver';
import type { Statements } from '#src/storage/postgres/statements';
import type { RawRow } from '#src/storage/row-codec';

/** One client of the pool while a transaction has it. The client itself runs statements one after the other. */
export class PostgresTransaction implements Connection {
  /** The first failure, as the driver gave it: a transaction with a failed statement is not committed, on no database. */
  failure: unknown = null;
  private isOver = false;

  constructor(
    private readonly client: PoolClient,
    private readonly statements: Statements,
    private readonly translate: (error: unknown, text: string) => Error,
  ) {}

  all(statement: Statement): Promise<RawRow[]> {
    return this.guarded(statement.text, () => this.statements.all(this.client, statement));
  }

  run(statement: Statement): Promise<number> {
    return this.guarded(statement.text, () => this.statements.run(this.client, statement));
  }

  runTogether(statements: readonly Statement[]): Promise<number> {
    const text = statements.map((statement) => statement.text).join('; ');
    return this.guarded(text, () => this.statements.runTogether(this.client, statements));
  }

  /** BEGIN, COMMIT. */
  async control(text: string): Promise<void> {
    await this.recorded(text, () => this.client.query(text));
  }

  /** Refuses further statements. Those under way are answered before the client runs what follows. */
  end(): void {
    this.isOver = true;
  }

  private async guarded<Result>(text: string, send: () => Promise<Result>): Promise<Result> {
    if (this.isOver) throw new TypeError('This transaction is over: its store cannot be used any more.');
    return this.recorded(text, send);
  }

  private async recorded<Result>(text: string, send: () => Promise<Result>): Promise<Result> {
    try {
      return await send();
    } catch (error) {
      this.failure ??= error;
      throw this.translate(error, text);
    }
  }
}
