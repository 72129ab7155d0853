import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE login_transactions (
      id TEXT COLLATE "C" NOT NULL,
      state_hash TEXT COLLATE "C" NOT NULL,
      binding_hash TEXT COLLATE "C" NOT NULL,
      connection_id TEXT COLLATE "C" NOT NULL,
      client_id TEXT COLLATE "C" NOT NULL,
      organization_id TEXT COLLATE "C",
      sealed_checks TEXT NOT NULL,
      return_url TEXT NOT NULL,
      created_ip TEXT,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      consumed_at BIGINT,
      CONSTRAINT pk_login_transactions PRIMARY KEY (id),
      CONSTRAINT uq_login_transactions__state_hash UNIQUE (state_hash),
      CONSTRAINT fk_login_transactions__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE,
      CONSTRAINT fk_login_transactions__client_id FOREIGN KEY (client_id) REFERENCES applications (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_login_transactions__expires_at ON login_transactions (expires_at)',
  'CREATE INDEX ix_login_transactions__connection_id ON login_transactions (connection_id)',
  'CREATE INDEX ix_login_transactions__client_id ON login_transactions (client_id)',
];

/** Sign-ins that are under way at a provider. */
export class CreateLoginTransactions0000000000024 implements MigrationInterface {
  readonly name = 'CreateLoginTransactions0000000000024';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE login_transactions');
  }
}
