import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE user_imports (
      job_id TEXT NOT NULL,
      connection TEXT NOT NULL,
      format TEXT NOT NULL,
      options TEXT NOT NULL,
      caller TEXT NOT NULL,
      external_id TEXT,
      idempotency_key TEXT,
      content_hash TEXT,
      row_count INTEGER NOT NULL,
      is_complete INTEGER NOT NULL,
      fault TEXT,
      source_job_id TEXT,
      created_at INTEGER NOT NULL,
      CONSTRAINT pk_user_imports PRIMARY KEY (job_id),
      CONSTRAINT fk_user_imports__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE import_parts (
      job_id TEXT NOT NULL,
      number INTEGER NOT NULL,
      row_count INTEGER NOT NULL,
      content TEXT NOT NULL,
      CONSTRAINT pk_import_parts PRIMARY KEY (job_id, number),
      CONSTRAINT fk_import_parts__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE import_results (
      job_id TEXT NOT NULL,
      row_index INTEGER NOT NULL,
      line INTEGER,
      outcome TEXT NOT NULL,
      user_id TEXT,
      codes TEXT NOT NULL,
      errors TEXT NOT NULL,
      warnings TEXT NOT NULL,
      echo TEXT,
      content TEXT,
      CONSTRAINT pk_import_results PRIMARY KEY (job_id, row_index),
      CONSTRAINT fk_import_results__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE import_repeated_keys (
      job_id TEXT NOT NULL,
      key_hash TEXT NOT NULL,
      taken_by INTEGER,
      CONSTRAINT pk_import_repeated_keys PRIMARY KEY (job_id, key_hash),
      CONSTRAINT fk_import_repeated_keys__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE user_exports (
      job_id TEXT NOT NULL,
      connection TEXT,
      format TEXT NOT NULL,
      fields TEXT NOT NULL,
      options TEXT NOT NULL,
      caller TEXT NOT NULL,
      external_id TEXT,
      row_count INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_user_exports PRIMARY KEY (job_id),
      CONSTRAINT fk_user_exports__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE export_parts (
      job_id TEXT NOT NULL,
      number INTEGER NOT NULL,
      content TEXT NOT NULL,
      CONSTRAINT pk_export_parts PRIMARY KEY (job_id, number),
      CONSTRAINT fk_export_parts__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE UNIQUE INDEX uq_user_imports__idempotency_key ON user_imports (idempotency_key) WHERE idempotency_key IS NOT NULL',
  'CREATE INDEX ix_user_imports__external_id ON user_imports (external_id)',
  'CREATE INDEX ix_user_imports__created_at ON user_imports (created_at)',
  'CREATE INDEX ix_user_exports__expires_at ON user_exports (expires_at)',
];

/** What jobs that import and export users keep: what they were asked, rows that wait, reports, and files to fetch. */
export class CreateTransfers0000000000016 implements MigrationInterface {
  readonly name = 'CreateTransfers0000000000016';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}

const tables = [
  'export_parts',
  'user_exports',
  'import_repeated_keys',
  'import_results',
  'import_parts',
  'user_imports',
];
