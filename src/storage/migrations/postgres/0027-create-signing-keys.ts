import type { MigrationInterface, QueryRunner } from 'typeorm';

const table = `CREATE TABLE signing_keys (
      id TEXT COLLATE "C" NOT NULL,
      algorithm TEXT COLLATE "C" NOT NULL,
      state TEXT COLLATE "C" NOT NULL,
      sealed TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      changed_at BIGINT NOT NULL,
      CONSTRAINT pk_signing_keys PRIMARY KEY (id)
    )`;

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
