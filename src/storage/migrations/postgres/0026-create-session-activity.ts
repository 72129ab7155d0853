import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE anonymous_sessions (
      id TEXT COLLATE "C" NOT NULL,
      token_hash TEXT COLLATE "C" NOT NULL,
      client_id TEXT COLLATE "C" NOT NULL,
      metadata TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      last_interacted_at BIGINT NOT NULL,
      idle_expires_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      ended_at BIGINT,
      CONSTRAINT pk_anonymous_sessions PRIMARY KEY (id),
      CONSTRAINT uq_anonymous_sessions__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_anonymous_sessions__client_id FOREIGN KEY (client_id) REFERENCES applications (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE session_interactions (
      id TEXT COLLATE "C" NOT NULL,
      session_id TEXT COLLATE "C",
      anonymous_session_id TEXT COLLATE "C",
      type TEXT COLLATE "C" NOT NULL,
      name TEXT NOT NULL,
      occurred_at BIGINT NOT NULL,
      created_at BIGINT NOT NULL,
      data TEXT,
      CONSTRAINT pk_session_interactions PRIMARY KEY (id),
      CONSTRAINT fk_session_interactions__session_id FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
      CONSTRAINT fk_session_interactions__anonymous_session_id FOREIGN KEY (anonymous_session_id) REFERENCES anonymous_sessions (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_anonymous_sessions__client_id ON anonymous_sessions (client_id)',
  'CREATE INDEX ix_anonymous_sessions__idle_expires_at ON anonymous_sessions (idle_expires_at)',
  `CREATE INDEX ix_session_interactions__session_id__occurred_at__id
    ON session_interactions (session_id, occurred_at, id)`,
  `CREATE INDEX ix_session_interactions__anonymous_session_id__occurred_at__id
    ON session_interactions (anonymous_session_id, occurred_at, id)`,
  'ALTER TABLE application_session_settings ADD COLUMN allow_anonymous_sessions BOOLEAN NOT NULL DEFAULT FALSE',
  "ALTER TABLE application_session_settings ADD COLUMN anonymous_permissions TEXT NOT NULL DEFAULT '[]'",
  'ALTER TABLE sign_in_transactions ADD COLUMN anonymous_session_id TEXT COLLATE "C"',
  'ALTER TABLE login_transactions ADD COLUMN anonymous_session_id TEXT COLLATE "C"',
];

const reverted = [
  'ALTER TABLE login_transactions DROP COLUMN anonymous_session_id',
  'ALTER TABLE sign_in_transactions DROP COLUMN anonymous_session_id',
  'ALTER TABLE application_session_settings DROP COLUMN anonymous_permissions',
  'ALTER TABLE application_session_settings DROP COLUMN allow_anonymous_sessions',
  'DROP TABLE session_interactions',
  'DROP TABLE anonymous_sessions',
];

/** What happens inside a session, and visitors who have not signed in. */
export class CreateSessionActivity0000000000026 implements MigrationInterface {
  readonly name = 'CreateSessionActivity0000000000026';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of reverted) await runner.query(statement);
  }
}
