import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE metadata_schemas (
      store TEXT NOT NULL,
      schema TEXT NOT NULL,
      undeclared_keys TEXT NOT NULL,
      version INTEGER NOT NULL,
      updated_by TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_metadata_schemas PRIMARY KEY (store)
    ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE metadata_unique_values (
      store TEXT NOT NULL,
      path TEXT NOT NULL,
      value_hash TEXT NOT NULL,
      user_id TEXT NOT NULL,
      CONSTRAINT pk_metadata_unique_values PRIMARY KEY (store, path, value_hash),
      CONSTRAINT fk_metadata_unique_values__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX ix_metadata_unique_values__user_id ON metadata_unique_values (user_id)',
  `CREATE TABLE profile_steps (
      key TEXT NOT NULL,
      attribute TEXT NOT NULL,
      label TEXT NOT NULL,
      description TEXT,
      kind TEXT NOT NULL,
      required INTEGER NOT NULL CHECK (required IN (0, 1)),
      enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
      ask_after_logins INTEGER NOT NULL,
      ask_after_days INTEGER NOT NULL,
      snooze_days INTEGER NOT NULL,
      role_ids TEXT NOT NULL,
      organization_ids TEXT NOT NULL,
      position INTEGER NOT NULL,
      validator TEXT,
      version INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_profile_steps PRIMARY KEY (key)
    ) STRICT`,
  `CREATE TABLE profile_step_answers (
      user_id TEXT NOT NULL,
      step_key TEXT NOT NULL,
      submitted_at INTEGER,
      submitted_by TEXT,
      dismissed_at INTEGER,
      CONSTRAINT pk_profile_step_answers PRIMARY KEY (user_id, step_key),
      CONSTRAINT fk_profile_step_answers__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_profile_step_answers__step_key FOREIGN KEY (step_key) REFERENCES profile_steps (key) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX ix_profile_step_answers__step_key ON profile_step_answers (step_key)',
];

const tables = ['profile_step_answers', 'profile_steps', 'metadata_unique_values', 'metadata_schemas'];

/** Declared metadata, and what users are asked for after they signed up. */
export class CreateMetadataSchemas0000000000005 implements MigrationInterface {
  readonly name = 'CreateMetadataSchemas0000000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
