import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which groups of a provider make members of an organization, and through which connection a member came. */
export class SyncMemberships0000000000056 implements MigrationInterface {
  readonly name = 'SyncMemberships0000000000056';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE organization_connections ADD COLUMN sync_membership INTEGER NOT NULL DEFAULT 0 CHECK (sync_membership IN (0, 1))',
    );
    await runner.query(
      "ALTER TABLE organization_connections ADD COLUMN membership_groups TEXT NOT NULL DEFAULT '[]'",
    );
    await runner.query('ALTER TABLE memberships ADD COLUMN joined_connection_id TEXT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE memberships DROP COLUMN joined_connection_id');
    await runner.query('ALTER TABLE organization_connections DROP COLUMN membership_groups');
    await runner.query('ALTER TABLE organization_connections DROP COLUMN sync_membership');
  }
}
