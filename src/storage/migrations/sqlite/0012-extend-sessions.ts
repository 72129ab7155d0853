import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE sign_in_transactions (
      id TEXT NOT NULL,
      token_hash TEXT NOT NULL,
      kind TEXT NOT NULL,
      user_id TEXT NOT NULL,
      credential_epoch INTEGER NOT NULL,
      methods TEXT NOT NULL,
      organization_id TEXT,
      client_id TEXT,
      cookie_mode TEXT NOT NULL,
      factors TEXT NOT NULL,
      token_use TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      consumed_at INTEGER,
      CONSTRAINT pk_sign_in_transactions PRIMARY KEY (id),
      CONSTRAINT uq_sign_in_transactions__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_sign_in_transactions__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE refresh_families (
      id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      session_id TEXT,
      client_id TEXT NOT NULL,
      organization_id TEXT,
      is_online INTEGER NOT NULL CHECK (is_online IN (0, 1)),
      credential_epoch INTEGER NOT NULL,
      methods TEXT NOT NULL,
      assurance TEXT NOT NULL,
      authenticated_at INTEGER NOT NULL,
      device TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      last_exchanged_at INTEGER,
      idle_expires_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      revoked_at INTEGER,
      revoke_reason TEXT,
      CONSTRAINT pk_refresh_families PRIMARY KEY (id),
      CONSTRAINT fk_refresh_families__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_refresh_families__client_id FOREIGN KEY (client_id) REFERENCES applications (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE refresh_tokens (
      id TEXT NOT NULL,
      token_hash TEXT NOT NULL,
      family_id TEXT NOT NULL,
      parent_id TEXT,
      created_at INTEGER NOT NULL,
      rotated_at INTEGER,
      CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
      CONSTRAINT uq_refresh_tokens__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_refresh_tokens__family_id FOREIGN KEY (family_id) REFERENCES refresh_families (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE application_session_settings (
      application_id TEXT NOT NULL,
      backchannel_logout_uri TEXT,
      backchannel_initiators TEXT NOT NULL,
      include_session_metadata INTEGER NOT NULL CHECK (include_session_metadata IN (0, 1)),
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_application_session_settings PRIMARY KEY (application_id),
      CONSTRAINT fk_application_session_settings__application_id FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_sign_in_transactions__expires_at ON sign_in_transactions (expires_at)',
  'CREATE INDEX ix_sign_in_transactions__user_id ON sign_in_transactions (user_id)',
  'CREATE INDEX ix_refresh_families__user_id__created_at__id ON refresh_families (user_id, created_at, id)',
  'CREATE INDEX ix_refresh_families__session_id ON refresh_families (session_id)',
  'CREATE INDEX ix_refresh_families__client_id ON refresh_families (client_id)',
  'CREATE INDEX ix_refresh_families__organization_id ON refresh_families (organization_id)',
  'CREATE INDEX ix_refresh_families__expires_at ON refresh_families (expires_at)',
  'CREATE INDEX ix_refresh_tokens__family_id ON refresh_tokens (family_id)',
  'CREATE INDEX ix_refresh_tokens__parent_id ON refresh_tokens (parent_id)',
];

const tables = ['application_session_settings', 'refresh_tokens', 'refresh_families', 'sign_in_transactions'];

/** Sign-ins under way, refresh tokens, and what applications set for the sessions of their users. */
export class ExtendSessions0000000000012 implements MigrationInterface {
  readonly name = 'ExtendSessions0000000000012';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
