import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  'ALTER TABLE tickets ADD COLUMN confirmation_hash TEXT',
  'ALTER TABLE tickets ADD COLUMN browser_hash TEXT',
  'ALTER TABLE tickets ADD COLUMN confirmation_failures INTEGER NOT NULL DEFAULT 0',
  // Who chose the passwords that are here already is not known; nor of those that come from other systems.
  'ALTER TABLE passwords ADD COLUMN is_unproven INTEGER NOT NULL DEFAULT 1 CHECK (is_unproven IN (0, 1))',
];

/** By what a ticket knows who asked for it, and whether whoever chose a password had shown to read the mail of the account. */
export class AddTicketAskers0000000000034 implements MigrationInterface {
  readonly name = 'AddTicketAskers0000000000034';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE passwords DROP COLUMN is_unproven');
    for (const column of ['confirmation_failures', 'browser_hash', 'confirmation_hash']) {
      await runner.query(`ALTER TABLE tickets DROP COLUMN ${column}`);
    }
  }
}
