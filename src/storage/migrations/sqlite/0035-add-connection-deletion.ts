import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A connection that is being deleted with its users keeps its name until they are gone. */
export class AddConnectionDeletion0000000000035 implements MigrationInterface {
  readonly name = 'AddConnectionDeletion0000000000035';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connections ADD COLUMN deleting_at INTEGER');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connections DROP COLUMN deleting_at');
  }
}
