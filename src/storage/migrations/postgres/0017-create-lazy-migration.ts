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
  `CREATE TABLE migration_sources (
      connection TEXT COLLATE "C" NOT NULL,
      kind TEXT COLLATE "C" NOT NULL,
      is_enabled BOOLEAN NOT NULL,
      settings TEXT NOT NULL,
      sealed TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      finished_at BIGINT,
      CONSTRAINT pk_migration_sources PRIMARY KEY (connection)
    )`,
  `CREATE TABLE migrated_users (
      connection TEXT COLLATE "C" NOT NULL,
      source_id TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C",
      cause TEXT COLLATE "C" NOT NULL,
      migrated_at BIGINT NOT NULL,
      deleted_at BIGINT,
      CONSTRAINT pk_migrated_users PRIMARY KEY (connection, source_id)
    )`,
  'CREATE INDEX ix_migrated_users__user_id ON migrated_users (user_id)',
  `CREATE TABLE migration_attempts (
      connection TEXT COLLATE "C" NOT NULL,
      outcome TEXT COLLATE "C" NOT NULL,
      hour BIGINT NOT NULL,
      count BIGINT NOT NULL,
      CONSTRAINT pk_migration_attempts PRIMARY KEY (connection, outcome, hour)
    )`,
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
