import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE upload_slots (
      id TEXT NOT NULL,
      created_by TEXT NOT NULL,
      created_by_kind TEXT NOT NULL,
      caller TEXT NOT NULL,
      request TEXT NOT NULL,
      max_bytes INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      used_at INTEGER,
      CONSTRAINT pk_upload_slots PRIMARY KEY (id)
    ) STRICT`,
  'CREATE INDEX ix_upload_slots__created_by ON upload_slots (created_by)',
  'CREATE INDEX ix_upload_slots__expires_at ON upload_slots (expires_at)',
  'ALTER TABLE user_imports ADD COLUMN field_map TEXT',
];

/** Addresses to which files of imports are sent, and what a dry run says of the fields of its source. */
export class CreateUploadSlots0000000000043 implements MigrationInterface {
  readonly name = 'CreateUploadSlots0000000000043';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE user_imports DROP COLUMN field_map');
    await runner.query('DROP TABLE upload_slots');
  }
}
