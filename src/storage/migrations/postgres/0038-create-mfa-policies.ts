import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE mfa_policies (
      subject_id TEXT COLLATE "C" NOT NULL,
      application_id TEXT COLLATE "C",
      connection_id TEXT COLLATE "C",
      organization_id TEXT COLLATE "C",
      policy TEXT COLLATE "C" NOT NULL,
      updated_at BIGINT NOT NULL,
      CONSTRAINT pk_mfa_policies PRIMARY KEY (subject_id),
      CONSTRAINT fk_mfa_policies__application_id FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE,
      CONSTRAINT fk_mfa_policies__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE,
      CONSTRAINT fk_mfa_policies__organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_mfa_policies__application_id ON mfa_policies (application_id)',
  'CREATE INDEX ix_mfa_policies__connection_id ON mfa_policies (connection_id)',
  'CREATE INDEX ix_mfa_policies__organization_id ON mfa_policies (organization_id)',
];

/** What applications, connections and organizations ask of second factors, beyond what the deployment asks. */
export class CreateMfaPolicies0000000000038 implements MigrationInterface {
  readonly name = 'CreateMfaPolicies0000000000038';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mfa_policies');
  }
}
