import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Leases of jobs are measured by the clock of the database, the waits of jobs by those of nodes. */
export class SeparateJobLeases0000000000021 implements MigrationInterface {
  readonly name = 'SeparateJobLeases0000000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE jobs ADD COLUMN lease_until INTEGER');
    await runner.query("UPDATE jobs SET lease_until = available_at WHERE status = 'PROCESSING'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      "UPDATE jobs SET available_at = lease_until WHERE status = 'PROCESSING' AND lease_until IS NOT NULL",
    );
    await runner.query('ALTER TABLE jobs DROP COLUMN lease_until');
  }
}
