import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE outbox_messages (
      id TEXT COLLATE "C" NOT NULL,
      recipient TEXT COLLATE "C" NOT NULL,
      template TEXT COLLATE "C" NOT NULL,
      content TEXT,
      status TEXT COLLATE "C" NOT NULL,
      fault_code TEXT COLLATE "C",
      request_id TEXT COLLATE "C" NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      finished_at BIGINT,
      CONSTRAINT pk_outbox_messages PRIMARY KEY (id)
    )`,
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
