import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = [
  ['credentials_key', 'TEXT'],
  ['key_thumbprint', 'TEXT'],
  ['approvable_until', 'INTEGER'],
  ['approved_by', 'TEXT'],
  ['approved_at', 'INTEGER'],
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
