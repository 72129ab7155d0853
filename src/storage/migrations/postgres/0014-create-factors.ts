import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE authentication_methods (
      id TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C" NOT NULL,
      type TEXT NOT NULL,
      name TEXT,
      is_confirmed BOOLEAN NOT NULL,
      created_at BIGINT NOT NULL,
      confirmed_at BIGINT,
      last_used_at BIGINT,
      CONSTRAINT pk_authentication_methods PRIMARY KEY (id),
      CONSTRAINT fk_authentication_methods__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_authentication_methods__user_id ON authentication_methods (user_id)',
  `CREATE TABLE totp_secrets (
      method_id TEXT COLLATE "C" NOT NULL,
      sealed_seed TEXT NOT NULL,
      last_step BIGINT,
      CONSTRAINT pk_totp_secrets PRIMARY KEY (method_id),
      CONSTRAINT fk_totp_secrets__method_id FOREIGN KEY (method_id) REFERENCES authentication_methods (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE passkeys (
      method_id TEXT COLLATE "C" NOT NULL,
      credential_id TEXT COLLATE "C" NOT NULL,
      public_key TEXT NOT NULL,
      counter BIGINT NOT NULL,
      transports TEXT NOT NULL,
      device_type TEXT NOT NULL,
      is_backed_up BOOLEAN NOT NULL,
      aaguid TEXT NOT NULL,
      user_agent TEXT,
      CONSTRAINT pk_passkeys PRIMARY KEY (method_id),
      CONSTRAINT uq_passkeys__credential_id UNIQUE (credential_id),
      CONSTRAINT fk_passkeys__method_id FOREIGN KEY (method_id) REFERENCES authentication_methods (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE recovery_codes (
      method_id TEXT COLLATE "C" NOT NULL,
      position INTEGER NOT NULL,
      code_hash TEXT NOT NULL,
      used_at BIGINT,
      CONSTRAINT pk_recovery_codes PRIMARY KEY (method_id, position),
      CONSTRAINT fk_recovery_codes__method_id FOREIGN KEY (method_id) REFERENCES authentication_methods (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE factor_challenges (
      secret_hash TEXT COLLATE "C" NOT NULL,
      purpose TEXT NOT NULL,
      type TEXT NOT NULL,
      user_id TEXT COLLATE "C",
      method_id TEXT COLLATE "C",
      binding TEXT,
      state TEXT,
      attempts INTEGER NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      CONSTRAINT pk_factor_challenges PRIMARY KEY (secret_hash),
      CONSTRAINT fk_factor_challenges__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_factor_challenges__method_id FOREIGN KEY (method_id) REFERENCES authentication_methods (id) ON DELETE SET NULL
    )`,
  'CREATE INDEX ix_factor_challenges__user_id ON factor_challenges (user_id)',
  'CREATE INDEX ix_factor_challenges__method_id ON factor_challenges (method_id)',
  'CREATE INDEX ix_factor_challenges__expires_at ON factor_challenges (expires_at)',
  `CREATE TABLE remembered_devices (
      id TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C" NOT NULL,
      secret_hash TEXT COLLATE "C" NOT NULL,
      credential_epoch BIGINT NOT NULL,
      user_agent TEXT,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      CONSTRAINT pk_remembered_devices PRIMARY KEY (id),
      CONSTRAINT uq_remembered_devices__secret_hash UNIQUE (secret_hash),
      CONSTRAINT fk_remembered_devices__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_remembered_devices__user_id ON remembered_devices (user_id)',
  'CREATE INDEX ix_remembered_devices__expires_at ON remembered_devices (expires_at)',
  `CREATE TABLE account_deletions (
      user_id TEXT COLLATE "C" NOT NULL,
      requested_at BIGINT NOT NULL,
      delete_at BIGINT NOT NULL,
      CONSTRAINT pk_account_deletions PRIMARY KEY (user_id),
      CONSTRAINT fk_account_deletions__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`,
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
