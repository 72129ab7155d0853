import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE pending_links (
      id TEXT COLLATE "C" NOT NULL,
      token_hash TEXT COLLATE "C" NOT NULL,
      kind TEXT NOT NULL,
      user_id TEXT COLLATE "C" NOT NULL,
      connection_id TEXT COLLATE "C" NOT NULL,
      sealed_arrival TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      used_at BIGINT,
      CONSTRAINT pk_pending_links PRIMARY KEY (id),
      CONSTRAINT uq_pending_links__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_pending_links__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_pending_links__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_pending_links__user_id ON pending_links (user_id)',
  'CREATE INDEX ix_pending_links__connection_id ON pending_links (connection_id)',
  'CREATE INDEX ix_pending_links__expires_at ON pending_links (expires_at)',
  'ALTER TABLE login_transactions ADD COLUMN link_session_id TEXT COLLATE "C"',
];

const down = ['ALTER TABLE login_transactions DROP COLUMN link_session_id', 'DROP TABLE pending_links'];

/** Who may be somebody who is here already, until that is proved; and links that a session began at a provider. */
export class CreatePendingLinks0000000000033 implements MigrationInterface {
  readonly name = 'CreatePendingLinks0000000000033';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
