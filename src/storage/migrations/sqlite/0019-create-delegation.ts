import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE delegation_hooks (
      scope TEXT NOT NULL,
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      definition TEXT NOT NULL,
      is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      CONSTRAINT pk_delegation_hooks PRIMARY KEY (scope, name, version)
    ) STRICT`,
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
