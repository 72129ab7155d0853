import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  organizationIndexes,
  organizationTables,
} from '#src/storage/migrations/sqlite/0007-organization-tables';

const tables = [
  'organization_domains',
  'organization_invitation_roles',
  'organization_invitations',
  'organization_connection_roles',
  'organization_connections',
];

/** Connections, invitations and domains of organizations, and the quota of their machines. */
export class ExtendOrganizations0000000000007 implements MigrationInterface {
  readonly name = 'ExtendOrganizations0000000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organizations ADD COLUMN token_quota TEXT');
    for (const statement of [...organizationTables, ...organizationIndexes]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE organizations DROP COLUMN token_quota');
  }
}
