import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE provider_sessions (
      id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      subject_hash TEXT NOT NULL,
      index_hash TEXT,
      sealed_subject TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_provider_sessions PRIMARY KEY (id),
      CONSTRAINT fk_provider_sessions__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE,
      CONSTRAINT fk_provider_sessions__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_provider_sessions__connection_id__subject_hash ON provider_sessions (connection_id, subject_hash)',
  'CREATE INDEX ix_provider_sessions__user_id ON provider_sessions (user_id)',
  'CREATE INDEX ix_provider_sessions__expires_at ON provider_sessions (expires_at)',
  `CREATE TABLE used_saml_messages (
      connection_id TEXT NOT NULL,
      message_hash TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_used_saml_messages PRIMARY KEY (connection_id, message_hash),
      CONSTRAINT fk_used_saml_messages__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_used_saml_messages__expires_at ON used_saml_messages (expires_at)',
  `CREATE TABLE logout_transactions (
      id TEXT NOT NULL,
      state_hash TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      request_hash TEXT NOT NULL,
      return_url TEXT,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_logout_transactions PRIMARY KEY (id),
      CONSTRAINT uq_logout_transactions__state_hash UNIQUE (state_hash),
      CONSTRAINT fk_logout_transactions__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_logout_transactions__connection_id ON logout_transactions (connection_id)',
  'CREATE INDEX ix_logout_transactions__expires_at ON logout_transactions (expires_at)',
];
const tables = ['logout_transactions', 'used_saml_messages', 'provider_sessions'];

/** Messages of SAML providers that were used, who is signed in there, and sign-outs under way at a provider. */
export class CreateSamlTables0000000000029 implements MigrationInterface {
  readonly name = 'CreateSamlTables0000000000029';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
