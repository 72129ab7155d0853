import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE landing_pages (
      application_id TEXT NOT NULL,
      returned_attributes TEXT NOT NULL,
      storage TEXT NOT NULL,
      consent_text_id TEXT,
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_landing_pages PRIMARY KEY (application_id),
      CONSTRAINT fk_landing_pages__application_id FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE landing_page_flows (
      id TEXT NOT NULL,
      handle_hash TEXT NOT NULL,
      application_id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      origin TEXT NOT NULL,
      mode TEXT NOT NULL,
      page_url TEXT,
      challenge TEXT NOT NULL,
      consent_text_id TEXT,
      state_hash TEXT,
      binding_hash TEXT,
      sealed_checks TEXT,
      page_is_proven INTEGER CHECK (page_is_proven IN (0, 1)),
      answered_at INTEGER,
      failure TEXT,
      sealed_answer TEXT,
      code_hash TEXT,
      taken_at INTEGER,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_landing_page_flows PRIMARY KEY (id),
      CONSTRAINT uq_landing_page_flows__handle_hash UNIQUE (handle_hash),
      CONSTRAINT uq_landing_page_flows__state_hash UNIQUE (state_hash),
      CONSTRAINT fk_landing_page_flows__application_id FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE,
      CONSTRAINT fk_landing_page_flows__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_landing_page_flows__application_id ON landing_page_flows (application_id)',
  'CREATE INDEX ix_landing_page_flows__connection_id ON landing_page_flows (connection_id)',
  'CREATE INDEX ix_landing_page_flows__expires_at ON landing_page_flows (expires_at)',
  `CREATE TABLE identity_tokens (
      identity_id TEXT NOT NULL,
      sealed_tokens TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_identity_tokens PRIMARY KEY (identity_id),
      CONSTRAINT fk_identity_tokens__identity_id FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE used_logout_tokens (
      connection_id TEXT NOT NULL,
      token_hash TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      CONSTRAINT pk_used_logout_tokens PRIMARY KEY (connection_id, token_hash),
      CONSTRAINT fk_used_logout_tokens__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_used_logout_tokens__expires_at ON used_logout_tokens (expires_at)',
];

const tables = ['used_logout_tokens', 'identity_tokens', 'landing_page_flows', 'landing_pages'];

/** Profiles for landing pages, what is kept of providers for signed-in users, and which logout tokens were taken. */
export class CreateLandingPages0000000000031 implements MigrationInterface {
  readonly name = 'CreateLandingPages0000000000031';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
