import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE jobs (
      id TEXT COLLATE "C" NOT NULL,
      type TEXT COLLATE "C" NOT NULL,
      status TEXT COLLATE "C" NOT NULL,
      payload TEXT,
      checkpoint TEXT,
      counts TEXT NOT NULL,
      total INTEGER,
      attempts INTEGER NOT NULL,
      available_at BIGINT NOT NULL,
      lease_owner TEXT COLLATE "C",
      unique_key TEXT COLLATE "C",
      fault_code TEXT COLLATE "C",
      fault_message TEXT,
      created_by TEXT COLLATE "C" NOT NULL,
      created_by_kind TEXT COLLATE "C" NOT NULL,
      organization_id TEXT COLLATE "C",
      request_id TEXT COLLATE "C" NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      started_at BIGINT,
      finished_at BIGINT,
      CONSTRAINT pk_jobs PRIMARY KEY (id)
    )`,
  'CREATE INDEX ix_jobs__available_at__id ON jobs (available_at, id) WHERE finished_at IS NULL',
  'CREATE UNIQUE INDEX uq_jobs__unique_key ON jobs (unique_key) WHERE finished_at IS NULL',
  'CREATE INDEX ix_jobs__finished_at ON jobs (finished_at)',
  'CREATE INDEX ix_jobs__created_at__id ON jobs (created_at, id)',
  'CREATE INDEX ix_jobs__created_by__created_at__id ON jobs (created_by, created_at, id)',
];

/**
 * Rows that may be very many are no longer bound to the role or organization above them: that one is deleted at once, they
 * follow in small steps. Whoever reads them begins at the role or organization, or joins it.
 */
const detached = [
  { table: 'user_roles', column: 'role_id', target: 'roles', onDelete: 'CASCADE' },
  { table: 'membership_roles', column: 'role_id', target: 'roles', onDelete: 'CASCADE' },
  { table: 'memberships', column: 'organization_id', target: 'organizations', onDelete: 'CASCADE' },
  { table: 'sessions', column: 'organization_id', target: 'organizations', onDelete: 'SET NULL' },
];

/** The sessions of one organization are walked through in the order of their ids. */
const walkIndex = 'CREATE INDEX ix_sessions__organization_id__id ON sessions (organization_id, id)';

/** Work in the background, and what it makes possible: deleting what very many rows hang on. */
export class CreateJobs0000000000004 implements MigrationInterface {
  readonly name = 'CreateJobs0000000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
    for (const { table, column } of detached) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT fk_${table}__${column}`);
    }
    await runner.query('DROP INDEX IF EXISTS ix_sessions__organization_id');
    await runner.query(walkIndex);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS ix_sessions__organization_id__id');
    await runner.query('CREATE INDEX ix_sessions__organization_id ON sessions (organization_id)');
    for (const { table, column, target, onDelete } of detached) {
      const orphaned = `${column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${target} AS t WHERE t.id = ${table}.${column})`;
      await runner.query(
        onDelete === 'CASCADE'
          ? `DELETE FROM ${table} WHERE ${orphaned}`
          : `UPDATE ${table} SET ${column} = NULL WHERE ${orphaned}`,
      );
      await runner.query(
        `ALTER TABLE ${table} ADD CONSTRAINT fk_${table}__${column} FOREIGN KEY (${column}) REFERENCES ${target} (id) ON DELETE ${onDelete}`,
      );
    }
    await runner.query('DROP TABLE jobs');
  }
}
