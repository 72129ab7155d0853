import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `ALTER TABLE attribute_rules ADD COLUMN conditions TEXT NOT NULL DEFAULT '{}'`,
  `ALTER TABLE attribute_rules ADD COLUMN denial TEXT NOT NULL DEFAULT 'ERROR'`,
  'ALTER TABLE attribute_rules ADD COLUMN accept_oracle_risk INTEGER NOT NULL DEFAULT 0 CHECK (accept_oracle_risk IN (0, 1))',
  `CREATE TABLE attribute_rule_versions (
      rule_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      name TEXT NOT NULL,
      enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
      effect TEXT NOT NULL,
      actions TEXT NOT NULL,
      paths TEXT NOT NULL,
      subject TEXT NOT NULL,
      object TEXT NOT NULL,
      conditions TEXT NOT NULL,
      mask TEXT,
      denial TEXT NOT NULL,
      accept_oracle_risk INTEGER NOT NULL CHECK (accept_oracle_risk IN (0, 1)),
      change TEXT NOT NULL,
      changed_by TEXT NOT NULL,
      changed_at INTEGER NOT NULL,
      CONSTRAINT pk_attribute_rule_versions PRIMARY KEY (rule_id, version)
    ) STRICT, WITHOUT ROWID`,
  `INSERT INTO attribute_rule_versions (rule_id, version, name, enabled, effect, actions, paths, subject, object,
      conditions, mask, denial, accept_oracle_risk, change, changed_by, changed_at)
    SELECT id, version, name, enabled, effect, actions, paths, subject, object, conditions, mask, denial, accept_oracle_risk,
      CASE WHEN version = 1 THEN 'CREATED' ELSE 'CHANGED' END, created_by, updated_at
    FROM attribute_rules`,
];

const reversal = [
  'DROP TABLE attribute_rule_versions',
  'ALTER TABLE attribute_rules DROP COLUMN accept_oracle_risk',
  'ALTER TABLE attribute_rules DROP COLUMN denial',
  'ALTER TABLE attribute_rules DROP COLUMN conditions',
];

/** Conditions, silent refusals and accepted look-ups of attribute rules, and every version that a rule has had. */
export class ExtendAttributeRules0000000000006 implements MigrationInterface {
  readonly name = 'ExtendAttributeRules0000000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of reversal) await runner.query(statement);
  }
}
