import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE account_connections (
      id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      binding TEXT NOT NULL,
      client_id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      redirect_uri TEXT NOT NULL,
      state TEXT,
      challenge TEXT NOT NULL,
      auth_session_hash TEXT NOT NULL,
      ticket_hash TEXT NOT NULL,
      code_hash TEXT,
      code_expires_at INTEGER,
      sealed_login TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      consumed_at INTEGER,
      CONSTRAINT pk_account_connections PRIMARY KEY (id),
      CONSTRAINT uq_account_connections__auth_session_hash UNIQUE (auth_session_hash),
      CONSTRAINT uq_account_connections__ticket_hash UNIQUE (ticket_hash),
      CONSTRAINT fk_account_connections__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_account_connections__client_id FOREIGN KEY (client_id) REFERENCES applications (id) ON DELETE CASCADE,
      CONSTRAINT fk_account_connections__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_account_connections__user_id ON account_connections (user_id)',
  'CREATE INDEX ix_account_connections__client_id ON account_connections (client_id)',
  'CREATE INDEX ix_account_connections__connection_id ON account_connections (connection_id)',
  'CREATE INDEX ix_account_connections__expires_at ON account_connections (expires_at)',
  'ALTER TABLE login_transactions ADD COLUMN account_connection_id TEXT',
];

const down = [
  'ALTER TABLE login_transactions DROP COLUMN account_connection_id',
  'DROP TABLE account_connections',
];

/** Accounts at providers that a signed-in user is about to connect, until the application completes it. */
export class CreateAccountConnections0000000000040 implements MigrationInterface {
  readonly name = 'CreateAccountConnections0000000000040';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
