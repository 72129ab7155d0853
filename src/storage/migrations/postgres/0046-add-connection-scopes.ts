import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an application asks the provider for beyond a sign-in when it connects an account. */
export class AddConnectionScopes0000000000046 implements MigrationInterface {
  readonly name = 'AddConnectionScopes0000000000046';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE account_connections ADD COLUMN scopes TEXT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE account_connections DROP COLUMN scopes');
  }
}
