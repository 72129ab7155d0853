import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE login_redirects (
      name TEXT NOT NULL,
      url TEXT NOT NULL,
      application_ids TEXT NOT NULL,
      connections TEXT NOT NULL,
      conditions TEXT NOT NULL,
      payload TEXT NOT NULL,
      proof TEXT NOT NULL,
      records_method INTEGER NOT NULL CHECK (records_method IN (0, 1)),
      token_seconds INTEGER NOT NULL,
      position INTEGER NOT NULL,
      is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
      version INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_login_redirects PRIMARY KEY (name)
    ) STRICT`,
  `CREATE TABLE login_redirect_secrets (
      redirect_name TEXT NOT NULL,
      sealed TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_login_redirect_secrets PRIMARY KEY (redirect_name),
      CONSTRAINT fk_login_redirect_secrets__redirect_name FOREIGN KEY (redirect_name) REFERENCES login_redirects (name) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE login_suspensions (
      id TEXT NOT NULL,
      state_hash TEXT NOT NULL,
      binding_hash TEXT NOT NULL,
      redirect_name TEXT NOT NULL,
      user_id TEXT NOT NULL,
      sealed_token TEXT NOT NULL,
      return_url TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      consumed_at INTEGER,
      CONSTRAINT pk_login_suspensions PRIMARY KEY (id),
      CONSTRAINT uq_login_suspensions__state_hash UNIQUE (state_hash),
      CONSTRAINT fk_login_suspensions__redirect_name FOREIGN KEY (redirect_name) REFERENCES login_redirects (name) ON DELETE CASCADE,
      CONSTRAINT fk_login_suspensions__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_login_suspensions__redirect_name ON login_suspensions (redirect_name)',
  'CREATE INDEX ix_login_suspensions__user_id ON login_suspensions (user_id)',
  'CREATE INDEX ix_login_suspensions__expires_at ON login_suspensions (expires_at)',
  `CREATE TABLE used_redirect_tokens (
      redirect_name TEXT NOT NULL,
      token_hash TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_used_redirect_tokens PRIMARY KEY (redirect_name, token_hash),
      CONSTRAINT fk_used_redirect_tokens__redirect_name FOREIGN KEY (redirect_name) REFERENCES login_redirects (name) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_used_redirect_tokens__expires_at ON used_redirect_tokens (expires_at)',
  "ALTER TABLE sign_in_transactions ADD COLUMN passed_steps TEXT NOT NULL DEFAULT '[]'",
];

const tables = ['used_redirect_tokens', 'login_suspensions', 'login_redirect_secrets', 'login_redirects'];

/** Pages elsewhere in the middle of a sign-in: which ones, their keys, who is there, and which answers were taken. */
export class CreateLoginRedirects0000000000032 implements MigrationInterface {
  readonly name = 'CreateLoginRedirects0000000000032';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_in_transactions DROP COLUMN passed_steps');
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
