import { GatehouseError } from '#src/shared/errors';
import type { Driver, Statement } from '#src/storage/driver';
import type { RawRow } from '#src/storage/row-codec';

interface Waiting {
  readonly statement: Statement;
  readonly resolve: (rows: RawRow[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Together extends Pick<Driver, 'read'> {
  readonly readTogether: NonNullable<Driver['readTogether']>;
}

/** Whether reads that are sent together save something. */
export function canReadTogether(driver: Pick<Driver, 'read' | 'readTogether'>): driver is Together {
  return driver.readTogether !== null;
}

/** More would make one caller's reads long for everybody who waits for the same connection. */
const mostTogether = 8;

/**
 * Constant reads that a request asks for in the same tick go to a database server in one round trip: on small reads the way there and
 * back costs more than the reading. Composed texts go alone, because a search may take long and should not hold up the others.
 */
export class ReadsOfTick {
  private waiting: Waiting[] = [];

  constructor(private readonly driver: Together) {}

  read(statement: Statement): Promise<RawRow[]> {
    if (statement.name === undefined) return this.driver.read(statement);
    return new Promise((resolve, reject) => {
      this.waiting.push({ statement, resolve, reject });
      if (this.waiting.length === mostTogether) this.send();
      // Loaders read from callbacks of the queue that this one goes to the end of.
      else if (this.waiting.length === 1) process.nextTick(() => this.send());
    });
  }

  private send(): void {
    const together = this.waiting;
    if (together.length === 0) return;
    this.waiting = [];
    if (together.length === 1) return this.sendEach(together);
    this.driver.readTogether(together.map(({ statement }) => statement)).then(
      (rows) => together.forEach(({ resolve }, index) => resolve(rows[index] as RawRow[])),
      (error: unknown) => {
        // Without a connection none of them would fare better alone.
        if (error instanceof GatehouseError) together.forEach(({ reject }) => reject(error));
        // One that fails must not take the others with it. Reads have no effect, so they may be sent again.
        else this.sendEach(together);
      },
    );
  }

  private sendEach(reads: readonly Waiting[]): void {
    for (const { statement, resolve, reject } of reads) this.driver.read(statement).then(resolve, reject);
  }
}
