import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Through which applications a profile step is asked. */
export class AddStepApplications0000000000044 implements MigrationInterface {
  readonly name = 'AddStepApplications0000000000044';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE profile_steps ADD COLUMN application_ids TEXT NOT NULL DEFAULT '[]'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE profile_steps DROP COLUMN application_ids');
  }
}
