import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many tokens the machines of an organization got, for its quota. */
export class CountOrganizationTokens0000000000049 implements MigrationInterface {
  readonly name = 'CountOrganizationTokens0000000000049';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE organization_token_counts (
      organization_id TEXT NOT NULL,
      span TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      tokens INTEGER NOT NULL,
      CONSTRAINT pk_organization_token_counts PRIMARY KEY (organization_id, span),
      CONSTRAINT ck_organization_token_counts__span CHECK (span IN ('HOUR', 'DAY')),
      CONSTRAINT fk_organization_token_counts__organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE organization_token_counts');
  }
}
