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
  `CREATE TABLE migration_sources (
      connection TEXT NOT NULL,
      kind TEXT NOT NULL,
      is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
      settings TEXT NOT NULL,
      sealed TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      finished_at INTEGER,
      CONSTRAINT pk_migration_sources PRIMARY KEY (connection)
    ) STRICT`,
  `CREATE TABLE migrated_users (
      connection TEXT NOT NULL,
      source_id TEXT NOT NULL,
      user_id TEXT,
      cause TEXT NOT NULL,
      migrated_at INTEGER NOT NULL,
      deleted_at INTEGER,
      CONSTRAINT pk_migrated_users PRIMARY KEY (connection, source_id)
    ) STRICT`,
  'CREATE INDEX ix_migrated_users__user_id ON migrated_users (user_id)',
  `CREATE TABLE migration_attempts (
      connection TEXT NOT NULL,
      outcome TEXT NOT NULL,
      hour INTEGER NOT NULL,
      count INTEGER NOT NULL,
      CONSTRAINT pk_migration_attempts PRIMARY KEY (connection, outcome, hour)
    ) STRICT`,
];

/** Sources of lazy migration, whom they brought, and what is known of imported password hashes. */
export class CreateLazyMigration0000000000017 implements MigrationInterface {
  readonly name = 'CreateLazyMigration0000000000017';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['migration_attempts', 'migrated_users', 'migration_sources', 'hash_settings']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    for (const column of ['policy_debt', 'must_change', 'source']) {
      await runner.query(`ALTER TABLE passwords DROP COLUMN ${column}`);
    }
  }
}
