import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addReference, dropReference, type Reference } from '#src/storage/migrations/sqlite/references';

const statements = [
  `CREATE TABLE jobs (
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      status TEXT NOT NULL,
      payload TEXT,
      checkpoint TEXT,
      counts TEXT NOT NULL,
      total INTEGER,
      attempts INTEGER NOT NULL,
      available_at INTEGER NOT NULL,
      lease_owner TEXT,
      unique_key TEXT,
      fault_code TEXT,
      fault_message TEXT,
      created_by TEXT NOT NULL,
      created_by_kind TEXT NOT NULL,
      organization_id TEXT,
      request_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      started_at INTEGER,
      finished_at INTEGER,
      CONSTRAINT pk_jobs PRIMARY KEY (id)
    ) STRICT`,
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
const detached: readonly Reference[] = [
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
    for (const reference of detached) await dropReference(runner, reference);
    await runner.query('DROP INDEX IF EXISTS ix_sessions__organization_id');
    await runner.query(walkIndex);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS ix_sessions__organization_id__id');
    await runner.query('CREATE INDEX ix_sessions__organization_id ON sessions (organization_id)');
    for (const reference of detached) await addReference(runner, reference);
    await runner.query('DROP TABLE jobs');
  }
}
