import type { Database, RunResult, Statement as Prepared } from 'sqlite3';
import type { Connection, Statement } from '#src/storage/driver';
import type { RawRow } from '#src/storage/row-codec';

const dynamicStatements = 200;

/**
 * One connection with its prepared statements. Constant reads stay prepared; other texts share a bounded cache, the one not
 * used for the longest time being finalized first. Statements sent together run one after the other on the driver's threads.
 */
export class SqliteConnection implements Connection {
  /** Statements sent and not yet answered. */
  inFlight = 0;
  private readonly constant = new Map<string, Prepared | Promise<Prepared>>();
  private readonly dynamic = new Map<string, Prepared | Promise<Prepared>>();

  constructor(
    private readonly database: Database,
    private readonly translate: (error: unknown, text: string) => Error,
  ) {}

  all(statement: Statement): Promise<RawRow[]> {
    return this.perform(
      statement,
      (prepared, done) =>
        void prepared.all<RawRow>(statement.values, (error, rows) => done(error, error === null ? rows : [])),
    );
  }

  run(statement: Statement): Promise<number> {
    return this.perform(
      statement,
      (prepared, done) =>
        void prepared.run(statement.values, function finished(this: RunResult, error: Error | null) {
          done(error, this.changes);
        }),
    );
  }

  /** Stops the statements that run at this moment; each fails with the code SQLITE_INTERRUPT. */
  interrupt(): void {
    this.database.interrupt();
  }

  async close(): Promise<void> {
    const kept = [...this.constant.values(), ...this.dynamic.values()];
    this.constant.clear();
    this.dynamic.clear();
    for (const prepared of kept) (await prepared).finalize();
  }

  private perform<Result>(
    statement: Statement,
    send: (prepared: Prepared, done: (error: Error | null, result: Result) => void) => void,
  ): Promise<Result> {
    this.inFlight += 1;
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        this.inFlight -= 1;
        reject(this.translate(error, statement.text));
      };
      const use = (prepared: Prepared): void =>
        send(prepared, (error, result) => {
          if (error) return fail(error);
          this.inFlight -= 1;
          resolve(result);
        });
      const prepared = this.prepared(statement);
      if (prepared instanceof Promise) prepared.then(use, fail);
      else use(prepared);
    });
  }

  private prepared({ text, name }: Statement): Prepared | Promise<Prepared> {
    const cache = name === undefined ? this.dynamic : this.constant;
    const known = cache.get(text);
    if (known !== undefined) {
      if (name === undefined) {
        cache.delete(text);
        cache.set(text, known);
      }
      return known;
    }
    const preparing = this.prepare(text).then(
      (prepared) => {
        if (cache.get(text) === preparing) cache.set(text, prepared);
        return prepared;
      },
      (error: unknown) => {
        cache.delete(text);
        throw error;
      },
    );
    cache.set(text, preparing);
    if (this.dynamic.size > dynamicStatements) this.evict();
    return preparing;
  }

  private evict(): void {
    const [text, oldest] = this.dynamic.entries().next().value as [string, Prepared | Promise<Prepared>];
    this.dynamic.delete(text);
    // Finalizing waits behind the statement's own running uses. A failed preparation has its caller to tell.
    void Promise.resolve(oldest).then(
      (prepared) => prepared.finalize(),
      () => undefined,
    );
  }

  private prepare(text: string): Promise<Prepared> {
    return new Promise((resolve, reject) => {
      const prepared = this.database.prepare(text, (error) => (error ? reject(error) : resolve(prepared)));
    });
  }
}
