import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE outbox_messages (
      id TEXT NOT NULL,
      recipient TEXT NOT NULL,
      template TEXT NOT NULL,
      content TEXT,
      status TEXT NOT NULL,
      fault_code TEXT,
      request_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      finished_at INTEGER,
      CONSTRAINT pk_outbox_messages PRIMARY KEY (id)
    ) STRICT`,
  'CREATE INDEX ix_outbox_messages__finished_at ON outbox_messages (finished_at)',
];

/** Messages that wait for their delivery, and the record of those delivered. */
export class CreateOutbox0000000000008 implements MigrationInterface {
  readonly name = 'CreateOutbox0000000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_messages');
  }
}
