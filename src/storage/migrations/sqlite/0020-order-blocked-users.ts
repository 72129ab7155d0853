import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Blocked users are few, and lists of them are read in the order of lists. */
export class OrderBlockedUsers0000000000020 implements MigrationInterface {
  readonly name = 'OrderBlockedUsers0000000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX ix_users__blocked__created_at__id ON users (created_at, id) WHERE blocked',
    );
    await runner.query('DROP INDEX IF EXISTS ix_users__blocked');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_users__blocked ON users (id) WHERE blocked');
    await runner.query('DROP INDEX IF EXISTS ix_users__blocked__created_at__id');
  }
}
