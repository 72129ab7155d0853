import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE connection_domains (
      id TEXT COLLATE "C" NOT NULL,
      connection_id TEXT COLLATE "C" NOT NULL,
      domain TEXT COLLATE "C" NOT NULL,
      verification_txt TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      last_checked_at BIGINT,
      verified_at BIGINT,
      CONSTRAINT pk_connection_domains PRIMARY KEY (id),
      CONSTRAINT uq_connection_domains__domain UNIQUE (domain),
      CONSTRAINT fk_connection_domains__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_connection_domains__connection_id ON connection_domains (connection_id)',
  "ALTER TABLE login_transactions ADD COLUMN goes_on TEXT NOT NULL DEFAULT 'APPLICATION'",
];

const down = ['ALTER TABLE login_transactions DROP COLUMN goes_on', 'DROP TABLE connection_domains'];

/** Mail domains of connections, and sign-ins that go on at the gateway's own page. */
export class CreateSignInPages0000000000030 implements MigrationInterface {
  readonly name = 'CreateSignInPages0000000000030';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
