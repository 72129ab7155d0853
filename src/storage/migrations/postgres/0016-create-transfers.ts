import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE user_imports (
      job_id TEXT COLLATE "C" NOT NULL,
      connection TEXT COLLATE "C" NOT NULL,
      format TEXT COLLATE "C" NOT NULL,
      options TEXT COLLATE "C" NOT NULL,
      caller TEXT COLLATE "C" NOT NULL,
      external_id TEXT COLLATE "C",
      idempotency_key TEXT COLLATE "C",
      content_hash TEXT COLLATE "C",
      row_count BIGINT NOT NULL,
      is_complete BOOLEAN NOT NULL,
      fault TEXT COLLATE "C",
      source_job_id TEXT COLLATE "C",
      created_at BIGINT NOT NULL,
      CONSTRAINT pk_user_imports PRIMARY KEY (job_id),
      CONSTRAINT fk_user_imports__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE import_parts (
      job_id TEXT COLLATE "C" NOT NULL,
      number BIGINT NOT NULL,
      row_count BIGINT NOT NULL,
      content TEXT COLLATE "C" NOT NULL,
      CONSTRAINT pk_import_parts PRIMARY KEY (job_id, number),
      CONSTRAINT fk_import_parts__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE import_results (
      job_id TEXT COLLATE "C" NOT NULL,
      row_index BIGINT NOT NULL,
      line BIGINT,
      outcome TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C",
      codes TEXT COLLATE "C" NOT NULL,
      errors TEXT COLLATE "C" NOT NULL,
      warnings TEXT COLLATE "C" NOT NULL,
      echo TEXT COLLATE "C",
      content TEXT COLLATE "C",
      CONSTRAINT pk_import_results PRIMARY KEY (job_id, row_index),
      CONSTRAINT fk_import_results__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE import_repeated_keys (
      job_id TEXT COLLATE "C" NOT NULL,
      key_hash TEXT COLLATE "C" NOT NULL,
      taken_by BIGINT,
      CONSTRAINT pk_import_repeated_keys PRIMARY KEY (job_id, key_hash),
      CONSTRAINT fk_import_repeated_keys__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE user_exports (
      job_id TEXT COLLATE "C" NOT NULL,
      connection TEXT COLLATE "C",
      format TEXT COLLATE "C" NOT NULL,
      fields TEXT COLLATE "C" NOT NULL,
      options TEXT COLLATE "C" NOT NULL,
      caller TEXT COLLATE "C" NOT NULL,
      external_id TEXT COLLATE "C",
      row_count BIGINT NOT NULL,
      bytes BIGINT NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      CONSTRAINT pk_user_exports PRIMARY KEY (job_id),
      CONSTRAINT fk_user_exports__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE export_parts (
      job_id TEXT COLLATE "C" NOT NULL,
      number BIGINT NOT NULL,
      content TEXT COLLATE "C" NOT NULL,
      CONSTRAINT pk_export_parts PRIMARY KEY (job_id, number),
      CONSTRAINT fk_export_parts__job_id FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
    )`,
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
