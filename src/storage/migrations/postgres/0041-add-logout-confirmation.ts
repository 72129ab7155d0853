import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a browser that an application sends is asked before it is signed out. */
export class AddLogoutConfirmation0000000000041 implements MigrationInterface {
  readonly name = 'AddLogoutConfirmation0000000000041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE application_session_settings ADD COLUMN require_logout_confirmation BOOLEAN NOT NULL DEFAULT TRUE',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE application_session_settings DROP COLUMN require_logout_confirmation');
  }
}
