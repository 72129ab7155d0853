import type { MigrationInterface } from 'typeorm';

/** Nothing to change: this database has triggers for each row alone. */
export class TrigramsTogether0000000000047 implements MigrationInterface {
  readonly name = 'TrigramsTogether0000000000047';

  up(): Promise<void> {
    return Promise.resolve();
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}
