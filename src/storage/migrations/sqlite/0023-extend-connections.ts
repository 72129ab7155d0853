import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  'ALTER TABLE connections ADD COLUMN version INTEGER NOT NULL DEFAULT 1',
  `CREATE TABLE connection_secrets (
      connection_id TEXT NOT NULL,
      name TEXT NOT NULL,
      sealed TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_connection_secrets PRIMARY KEY (connection_id, name),
      CONSTRAINT fk_connection_secrets__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID`,
];

/** Settings of connections that change, and what they prove themselves with at a provider. */
export class ExtendConnections0000000000023 implements MigrationInterface {
  readonly name = 'ExtendConnections0000000000023';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE connection_secrets');
    await runner.query('ALTER TABLE connections DROP COLUMN version');
  }
}
