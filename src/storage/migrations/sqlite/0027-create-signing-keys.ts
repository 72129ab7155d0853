import type { MigrationInterface, QueryRunner } from 'typeorm';

const table = `CREATE TABLE signing_keys (
      id TEXT NOT NULL,
      algorithm TEXT NOT NULL,
      state TEXT NOT NULL,
      sealed TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      CONSTRAINT pk_signing_keys PRIMARY KEY (id)
    ) STRICT, WITHOUT ROWID`;

/** Key pairs for tokens, shared by all nodes. */
export class CreateSigningKeys0000000000027 implements MigrationInterface {
  readonly name = 'CreateSigningKeys0000000000027';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_keys');
  }
}
