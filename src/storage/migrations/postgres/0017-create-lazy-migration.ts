import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE hash_settings (
      id TEXT COLLATE "C" NOT NULL,
      sealed TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      CONSTRAINT pk_hash_settings PRIMARY KEY (id)
    )`,
  'ALTER TABLE passwords ADD COLUMN source TEXT COLLATE "C"',
  'ALTER TABLE passwords ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT false',
  'ALTER TABLE passwords ADD COLUMN policy_debt BOOLEAN NOT NULL DEFAULT false',
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
