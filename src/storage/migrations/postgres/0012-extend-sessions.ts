import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE sign_in_transactions (
      id TEXT COLLATE "C" NOT NULL,
      token_hash TEXT COLLATE "C" NOT NULL,
      kind TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C" NOT NULL,
      credential_epoch INTEGER NOT NULL,
      methods TEXT NOT NULL,
      organization_id TEXT COLLATE "C",
      client_id TEXT COLLATE "C",
      cookie_mode TEXT COLLATE "C" NOT NULL,
      factors TEXT NOT NULL,
      token_use TEXT COLLATE "C",
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      consumed_at BIGINT,
      CONSTRAINT pk_sign_in_transactions PRIMARY KEY (id),
      CONSTRAINT uq_sign_in_transactions__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_sign_in_transactions__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE refresh_families (
      id TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C" NOT NULL,
      session_id TEXT COLLATE "C",
      client_id TEXT COLLATE "C" NOT NULL,
      organization_id TEXT COLLATE "C",
      is_online BOOLEAN NOT NULL,
      credential_epoch INTEGER NOT NULL,
      methods TEXT NOT NULL,
      assurance TEXT COLLATE "C" NOT NULL,
      authenticated_at BIGINT NOT NULL,
      device TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      last_exchanged_at BIGINT,
      idle_expires_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      revoked_at BIGINT,
      revoke_reason TEXT COLLATE "C",
      CONSTRAINT pk_refresh_families PRIMARY KEY (id),
      CONSTRAINT fk_refresh_families__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_refresh_families__client_id FOREIGN KEY (client_id) REFERENCES applications (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE refresh_tokens (
      id TEXT COLLATE "C" NOT NULL,
      token_hash TEXT COLLATE "C" NOT NULL,
      family_id TEXT COLLATE "C" NOT NULL,
      parent_id TEXT COLLATE "C",
      created_at BIGINT NOT NULL,
      rotated_at BIGINT,
      CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
      CONSTRAINT uq_refresh_tokens__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_refresh_tokens__family_id FOREIGN KEY (family_id) REFERENCES refresh_families (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE application_session_settings (
      application_id TEXT COLLATE "C" NOT NULL,
      backchannel_logout_uri TEXT COLLATE "C",
      backchannel_initiators TEXT NOT NULL,
      include_session_metadata BOOLEAN NOT NULL,
      updated_at BIGINT NOT NULL,
      CONSTRAINT pk_application_session_settings PRIMARY KEY (application_id),
      CONSTRAINT fk_application_session_settings__application_id FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE
    )`,
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
