import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE authentication_methods (
      id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      type TEXT NOT NULL,
      name TEXT,
      is_confirmed INTEGER NOT NULL CHECK (is_confirmed IN (0, 1)),
      created_at INTEGER NOT NULL,
      confirmed_at INTEGER,
      last_used_at INTEGER,
      CONSTRAINT pk_authentication_methods PRIMARY KEY (id),
      CONSTRAINT fk_authentication_methods__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_authentication_methods__user_id ON authentication_methods (user_id)',
  `CREATE TABLE totp_secrets (
      method_id TEXT NOT NULL,
      sealed_seed TEXT NOT NULL,
      last_step INTEGER,
      CONSTRAINT pk_totp_secrets PRIMARY KEY (method_id),
      CONSTRAINT fk_totp_secrets__method_id FOREIGN KEY (method_id) REFERENCES authentication_methods (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE passkeys (
      method_id TEXT NOT NULL,
      credential_id TEXT NOT NULL,
      public_key TEXT NOT NULL,
      counter INTEGER NOT NULL,
      transports TEXT NOT NULL,
      device_type TEXT NOT NULL,
      is_backed_up INTEGER NOT NULL CHECK (is_backed_up IN (0, 1)),
      aaguid TEXT NOT NULL,
      user_agent TEXT,
      CONSTRAINT pk_passkeys PRIMARY KEY (method_id),
      CONSTRAINT uq_passkeys__credential_id UNIQUE (credential_id),
      CONSTRAINT fk_passkeys__method_id FOREIGN KEY (method_id) REFERENCES authentication_methods (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE recovery_codes (
      method_id TEXT NOT NULL,
      position INTEGER NOT NULL,
      code_hash TEXT NOT NULL,
      used_at INTEGER,
      CONSTRAINT pk_recovery_codes PRIMARY KEY (method_id, position),
      CONSTRAINT fk_recovery_codes__method_id FOREIGN KEY (method_id) REFERENCES authentication_methods (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE factor_challenges (
      secret_hash TEXT NOT NULL,
      purpose TEXT NOT NULL,
      type TEXT NOT NULL,
      user_id TEXT,
      method_id TEXT,
      binding TEXT,
      state TEXT,
      attempts INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_factor_challenges PRIMARY KEY (secret_hash),
      CONSTRAINT fk_factor_challenges__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_factor_challenges__method_id FOREIGN KEY (method_id) REFERENCES authentication_methods (id) ON DELETE SET NULL
    ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX ix_factor_challenges__user_id ON factor_challenges (user_id)',
  'CREATE INDEX ix_factor_challenges__method_id ON factor_challenges (method_id)',
  'CREATE INDEX ix_factor_challenges__expires_at ON factor_challenges (expires_at)',
  `CREATE TABLE remembered_devices (
      id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      secret_hash TEXT NOT NULL,
      credential_epoch INTEGER NOT NULL,
      user_agent TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_remembered_devices PRIMARY KEY (id),
      CONSTRAINT uq_remembered_devices__secret_hash UNIQUE (secret_hash),
      CONSTRAINT fk_remembered_devices__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_remembered_devices__user_id ON remembered_devices (user_id)',
  'CREATE INDEX ix_remembered_devices__expires_at ON remembered_devices (expires_at)',
  `CREATE TABLE account_deletions (
      user_id TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      delete_at INTEGER NOT NULL,
      CONSTRAINT pk_account_deletions PRIMARY KEY (user_id),
      CONSTRAINT fk_account_deletions__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX ix_account_deletions__delete_at ON account_deletions (delete_at)',
];

const tables = [
  'account_deletions',
  'remembered_devices',
  'factor_challenges',
  'recovery_codes',
  'passkeys',
  'totp_secrets',
  'authentication_methods',
];

/** What users prove themselves with besides a password, proofs under way, remembered devices, and accounts that are about to be deleted. */
export class CreateFactors0000000000014 implements MigrationInterface {
  readonly name = 'CreateFactors0000000000014';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
