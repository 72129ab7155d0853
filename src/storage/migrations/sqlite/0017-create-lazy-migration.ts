import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE hash_settings (
      id TEXT NOT NULL,
      sealed TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      CONSTRAINT pk_hash_settings PRIMARY KEY (id)
    ) STRICT`,
  'ALTER TABLE passwords ADD COLUMN source TEXT',
  'ALTER TABLE passwords ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1))',
  'ALTER TABLE passwords ADD COLUMN policy_debt INTEGER NOT NULL DEFAULT 0 CHECK (policy_debt IN (0, 1))',
];

/** What is known of imported password hashes, and the secrets that those of one project share. */
export class CreateLazyMigration0000000000017 implements MigrationInterface {
  readonly name = 'CreateLazyMigration0000000000017';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE hash_settings');
    for (const column of ['policy_debt', 'must_change', 'source']) {
      await runner.query(`ALTER TABLE passwords DROP COLUMN ${column}`);
    }
  }
}
