import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  'ALTER TABLE sessions ADD COLUMN actor TEXT',
  `CREATE TABLE impersonations (
      id TEXT NOT NULL,
      token_hash TEXT NOT NULL,
      actor_user_id TEXT NOT NULL,
      actor_session_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      client_id TEXT NOT NULL,
      reason TEXT NOT NULL,
      ticket TEXT,
      ip TEXT,
      session_id TEXT,
      requested_at INTEGER NOT NULL,
      token_expires_at INTEGER NOT NULL,
      started_at INTEGER,
      ended_at INTEGER,
      CONSTRAINT pk_impersonations PRIMARY KEY (id),
      CONSTRAINT uq_impersonations__token_hash UNIQUE (token_hash),
      CONSTRAINT fk_impersonations__actor_user_id FOREIGN KEY (actor_user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_impersonations__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) STRICT`,
  'CREATE INDEX ix_impersonations__actor_user_id__requested_at ON impersonations (actor_user_id, requested_at)',
  'CREATE INDEX ix_impersonations__user_id ON impersonations (user_id)',
];

/** Sessions in which somebody acts in the name of the user, and how they came to be. */
export class CreateImpersonations0000000000015 implements MigrationInterface {
  readonly name = 'CreateImpersonations0000000000015';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE impersonations');
    await runner.query('ALTER TABLE sessions DROP COLUMN actor');
  }
}
