import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE attempt_counters (
      key TEXT COLLATE "C" NOT NULL,
      kind TEXT COLLATE "C" NOT NULL,
      subject TEXT COLLATE "C",
      network TEXT COLLATE "C",
      failures BIGINT NOT NULL,
      since BIGINT NOT NULL,
      last_at BIGINT NOT NULL,
      blocked_until BIGINT,
      CONSTRAINT pk_attempt_counters PRIMARY KEY (key)
    )`,
  'CREATE INDEX ix_attempt_counters__subject ON attempt_counters (subject)',
  'CREATE INDEX ix_attempt_counters__last_at ON attempt_counters (last_at)',
  `CREATE TABLE tickets (
      id TEXT COLLATE "C" NOT NULL,
      kind TEXT COLLATE "C" NOT NULL,
      token_hash TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C" NOT NULL,
      address TEXT COLLATE "C",
      credential_epoch BIGINT,
      data TEXT NOT NULL,
      code_hash TEXT COLLATE "C",
      code_failures BIGINT NOT NULL,
      code_expires_at BIGINT,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      used_at BIGINT,
      CONSTRAINT pk_tickets PRIMARY KEY (id),
      CONSTRAINT uq_tickets__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_tickets__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_tickets__user_id_kind ON tickets (user_id, kind)',
  'CREATE INDEX ix_tickets__expires_at ON tickets (expires_at)',
  `CREATE TABLE password_history (
      id TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C" NOT NULL,
      hash TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      CONSTRAINT pk_password_history PRIMARY KEY (id),
      CONSTRAINT fk_password_history__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_password_history__user_id ON password_history (user_id, created_at)',
];

/** Counted attempts, single-use tickets, and the hashes of former passwords. */
export class CreateAccountTables0000000000013 implements MigrationInterface {
  readonly name = 'CreateAccountTables0000000000013';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['password_history', 'tickets', 'attempt_counters']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
