import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = [
  `organization_discovery_methods TEXT NOT NULL DEFAULT '["EMAIL"]'`,
  'default_organization_id TEXT COLLATE "C"',
  'allow_any_organization BOOLEAN NOT NULL DEFAULT FALSE',
];

/** How applications find the organization of a sign-in, and for which organizations machines get tokens. */
export class AddOrganizationDiscovery0000000000022 implements MigrationInterface {
  readonly name = 'AddOrganizationDiscovery0000000000022';

  async up(runner: QueryRunner): Promise<void> {
    for (const column of columns) await runner.query(`ALTER TABLE applications ADD COLUMN ${column}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of columns)
      await runner.query(`ALTER TABLE applications DROP COLUMN ${column.slice(0, column.indexOf(' '))}`);
  }
}
