import { GatehouseError } from '#src/shared/errors';
import type { Driver, ShapedRead } from '#src/storage/driver';
import type { RawRow } from '#src/storage/row-codec';

interface Waiting {
  readonly values: readonly unknown[];
  readonly resolve: (rows: RawRow[]) => void;
  readonly reject: (error: unknown) => void;
}

/** More would make all of them wait for the last one. */
const mostGathered = 32;

/**
 * Reads that every request needs, asked by several requests in the same turn of the event loop, go to the database as one statement that
 * answers all of them: to begin a statement, and to hand it over, costs more than the few rows that such a read looks up. A read that is
 * alone is sent as it is.
 */
export class GatheredReads {
  private readonly waiting = new Map<ShapedRead, Waiting[]>();

  constructor(private readonly driver: Pick<Driver, 'read' | 'readEach'>) {}

  /** `read` is the same object for the same text. */
  read(read: ShapedRead, values: readonly unknown[]): Promise<RawRow[]> {
    return new Promise((resolve, reject) => {
      const one = { values, resolve, reject };
      const waiting = this.waiting.get(read);
      if (waiting === undefined) {
        this.waiting.set(read, [one]);
        setImmediate(() => this.send(read));
      } else if (waiting.push(one) === mostGathered) this.send(read);
    });
  }

  private send(read: ShapedRead): void {
    const waiting = this.waiting.get(read);
    if (waiting === undefined) return;
    this.waiting.delete(read);
    if (waiting.length === 1) return this.sendAlone(read, waiting);
    this.driver
      .readEach(
        read,
        waiting.map(({ values }) => values),
      )
      .then(
        (answers) => waiting.forEach(({ resolve }, index) => resolve(answers[index] as RawRow[])),
        (error: unknown) => {
          // Without a connection none of them would fare better alone.
          if (error instanceof GatehouseError) waiting.forEach(({ reject }) => reject(error));
          // One that fails must not take the others with it. Reads have no effect, so they may be sent again.
          else this.sendAlone(read, waiting);
        },
      );
  }

  private sendAlone(read: ShapedRead, waiting: readonly Waiting[]): void {
    for (const { values, resolve, reject } of waiting)
      this.driver.read({ ...read, values }).then(resolve, reject);
  }
}
