import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a sign-in asks of the provider: what to ask the person, and how recent the proof there has to be. */
export class AddLoginWishes0000000000055 implements MigrationInterface {
  readonly name = 'AddLoginWishes0000000000055';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE login_transactions ADD COLUMN prompt TEXT');
    await runner.query('ALTER TABLE login_transactions ADD COLUMN max_age_seconds INTEGER');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE login_transactions DROP COLUMN max_age_seconds');
    await runner.query('ALTER TABLE login_transactions DROP COLUMN prompt');
  }
}
