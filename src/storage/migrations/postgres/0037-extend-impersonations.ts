import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  'ALTER TABLE impersonations ADD COLUMN end_reason TEXT',
  'CREATE INDEX ix_impersonations__requested_at__id ON impersonations (requested_at, id)',
  `CREATE TABLE support_refusals (
      user_id TEXT COLLATE "C" NOT NULL,
      refused_at BIGINT NOT NULL,
      CONSTRAINT pk_support_refusals PRIMARY KEY (user_id),
      CONSTRAINT fk_support_refusals__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`,
];

/** How impersonations ended, and which users want nobody to act in their name. */
export class ExtendImpersonations0000000000037 implements MigrationInterface {
  readonly name = 'ExtendImpersonations0000000000037';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE support_refusals');
    await runner.query('DROP INDEX ix_impersonations__requested_at__id');
    await runner.query('ALTER TABLE impersonations DROP COLUMN end_reason');
  }
}
