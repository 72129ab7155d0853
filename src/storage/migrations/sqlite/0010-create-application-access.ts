import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE organization_applications (
      organization_id TEXT NOT NULL,
      application_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      CONSTRAINT pk_organization_applications PRIMARY KEY (organization_id, application_id),
      CONSTRAINT fk_organization_applications__organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
      CONSTRAINT fk_organization_applications__application_id FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX ix_organization_applications__application_id ON organization_applications (application_id)',
];

/** Which applications were granted to which organizations. */
export class CreateApplicationAccess0000000000010 implements MigrationInterface {
  readonly name = 'CreateApplicationAccess0000000000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE organization_applications');
  }
}
