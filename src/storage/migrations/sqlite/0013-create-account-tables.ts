import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE attempt_counters (
      key TEXT NOT NULL,
      kind TEXT NOT NULL,
      subject TEXT,
      network TEXT,
      failures INTEGER NOT NULL,
      since INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      blocked_until INTEGER,
      CONSTRAINT pk_attempt_counters PRIMARY KEY (key)
    ) STRICT`,
  'CREATE INDEX ix_attempt_counters__subject ON attempt_counters (subject)',
  'CREATE INDEX ix_attempt_counters__last_at ON attempt_counters (last_at)',
  `CREATE TABLE tickets (
      id TEXT NOT NULL,
      kind TEXT NOT NULL,
      token_hash TEXT NOT NULL,
      user_id TEXT NOT NULL,
      address TEXT,
      credential_epoch INTEGER,
      data TEXT NOT NULL,
      code_hash TEXT,
      code_failures INTEGER NOT NULL,
      code_expires_at INTEGER,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      used_at INTEGER,
      CONSTRAINT pk_tickets PRIMARY KEY (id),
      CONSTRAINT uq_tickets__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_tickets__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_tickets__user_id_kind ON tickets (user_id, kind)',
  'CREATE INDEX ix_tickets__expires_at ON tickets (expires_at)',
  `CREATE TABLE password_history (
      id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      hash TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      CONSTRAINT pk_password_history PRIMARY KEY (id),
      CONSTRAINT fk_password_history__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT`,
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
