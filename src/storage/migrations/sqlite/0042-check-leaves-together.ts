import type { MigrationInterface } from 'typeorm';

/** Nothing to change: this database checks a foreign key within the process, without a statement of its own. */
export class CheckLeavesTogether0000000000042 implements MigrationInterface {
  readonly name = 'CheckLeavesTogether0000000000042';

  up(): Promise<void> {
    return Promise.resolve();
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}
