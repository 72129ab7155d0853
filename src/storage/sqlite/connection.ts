import type { Database, RunResult, Statement as Prepared } from 'sqlite3';
import { commonErrors } from '#src/shared/errors';
import type { Connection, Statement } from '#src/storage/driver';
import type { RawRow } from '#src/storage/row-codec';
import { rowPlan } from '#src/storage/sqlite/json-rows';

const dynamicStatements = 200;

/** A prepared statement, and what is done with the rows it answers. */
interface Ready {
  readonly prepared: Prepared;
  readonly finish: (rows: RawRow[]) => RawRow[];
}

type Cached = Ready | Promise<Ready>;

/**
 * One connection with its prepared statements. Constant reads stay prepared; other texts share a bounded cache, the one not
 * used for the longest time being finalized first. Statements sent together run one after the other on the driver's threads.
 */
export class SqliteConnection implements Connection {
  /** Statements sent and not yet answered. */
  inFlight = 0;
  /** By name. */
  private readonly constant = new Map<string, Cached>();
  /** By shape and text. */
  private readonly dynamic = new Map<string, Cached>();
  private isClosed = false;

  constructor(
    private readonly database: Database,
    private readonly translate: (error: unknown, text: string) => Error,
  ) {}

  all(statement: Statement): Promise<RawRow[]> {
    return this.perform(
      statement,
      ({ prepared, finish }, done) =>
        void prepared.all<RawRow>(statement.values, (error, rows) => {
          if (error) return done(error, []);
          // What is thrown inside the driver's callback would end the process.
          try {
            done(null, finish(rows));
          } catch (unreadable) {
            done(unreadable as Error, []);
          }
        }),
    );
  }

  run(statement: Statement): Promise<number> {
    return this.perform(
      statement,
      ({ prepared }, done) =>
        void prepared.run(statement.values, function finished(this: RunResult, error: Error | null) {
          done(error, this.changes);
        }),
    );
  }

  async runTogether(statements: readonly Statement[]): Promise<number> {
    let changed = 0;
    for (const statement of statements) changed += await this.run(statement);
    return changed;
  }

  /** Stops the statements that run at this moment; each fails with the code SQLITE_INTERRUPT. */
  interrupt(): void {
    this.database.interrupt();
  }

  /** Refuses further statements: one prepared from now on would keep the database from closing. Those sent before are still answered. */
  async close(): Promise<void> {
    this.isClosed = true;
    const kept = [...this.constant.values(), ...this.dynamic.values()];
    this.constant.clear();
    this.dynamic.clear();
    for (const cached of kept) {
      // A statement that could not be prepared has had its error reported.
      const ready = await Promise.resolve(cached).catch(() => null);
      ready?.prepared.finalize();
    }
  }

  private perform<Result>(
    statement: Statement,
    send: (ready: Ready, done: (error: Error | null, result: Result) => void) => void,
  ): Promise<Result> {
    if (this.isClosed) return Promise.reject(commonErrors.STORAGE_UNAVAILABLE());
    this.inFlight += 1;
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        this.inFlight -= 1;
        reject(this.translate(error, statement.text));
      };
      const use = (ready: Ready): void =>
        send(ready, (error, result) => {
          if (error) return fail(error);
          this.inFlight -= 1;
          resolve(result);
        });
      const ready = this.ready(statement);
      if (ready instanceof Promise) ready.then(use, fail);
      else use(ready);
    });
  }

  private ready(statement: Statement): Cached {
    if (statement.name !== undefined) {
      return this.constant.get(statement.name) ?? this.prepare(statement, this.constant, statement.name);
    }
    const key = `${statement.shape?.id ?? 0} ${statement.text}`;
    const known = this.dynamic.get(key);
    if (known === undefined) return this.prepare(statement, this.dynamic, key);
    // The youngest stands last.
    this.dynamic.delete(key);
    this.dynamic.set(key, known);
    return known;
  }

  private prepare({ text, shape }: Statement, cache: Map<string, Cached>, key: string): Promise<Ready> {
    const plan = rowPlan(text, shape);
    const preparing = new Promise<Ready>((resolve, reject) => {
      const prepared = this.database.prepare(unpeeked(plan.text), (error) => {
        if (error) reject(error);
        else resolve({ prepared, finish: plan.finish });
      });
    });
    cache.set(key, preparing);
    preparing.then(
      (ready) => {
        if (cache.get(key) === preparing) cache.set(key, ready);
      },
      () => {
        if (cache.get(key) === preparing) cache.delete(key);
      },
    );
    if (this.dynamic.size > dynamicStatements) this.evict();
    return preparing;
  }

  private evict(): void {
    const [key, oldest] = this.dynamic.entries().next().value as [string, Cached];
    this.dynamic.delete(key);
    // Finalizing waits behind the statement's own running uses. A failed preparation has its caller to tell.
    void Promise.resolve(oldest).then(
      ({ prepared }) => prepared.finalize(),
      () => undefined,
    );
  }
}

/**
 * The database looks at the value of a bound LIMIT when it plans, and so parses and plans the statement anew whenever a value is bound, be
 * it the same one: that was a third to two thirds of the time of a small read. It does not look at an expression.
 */
function unpeeked(text: string): string {
  return text.replace(/\bLIMIT (\?\d+)/g, 'LIMIT ($1 + 0)');
}
