import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = [
  ['credentials_key', 'TEXT COLLATE "C"'],
  ['key_thumbprint', 'TEXT COLLATE "C"'],
  ['approvable_until', 'BIGINT'],
  ['approved_by', 'TEXT COLLATE "C"'],
  ['approved_at', 'BIGINT'],
] as const;

/** Exports with credentials: for which key, and who approved them. */
export class AddExportCredentials0000000000036 implements MigrationInterface {
  readonly name = 'AddExportCredentials0000000000036';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, type] of columns)
      await runner.query(`ALTER TABLE user_exports ADD COLUMN ${name} ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of columns) await runner.query(`ALTER TABLE user_exports DROP COLUMN ${name}`);
  }
}
