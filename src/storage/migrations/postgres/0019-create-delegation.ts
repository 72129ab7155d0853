import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE delegation_hooks (
      scope TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      version INTEGER NOT NULL,
      definition TEXT COLLATE "C" NOT NULL,
      is_current BOOLEAN NOT NULL,
      created_at BIGINT NOT NULL,
      created_by TEXT COLLATE "C" NOT NULL,
      CONSTRAINT pk_delegation_hooks PRIMARY KEY (scope, name, version)
    )`,
];

/** Hooks of delegated administration, every version of each. */
export class CreateDelegation0000000000019 implements MigrationInterface {
  readonly name = 'CreateDelegation0000000000019';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE delegation_hooks');
  }
}
