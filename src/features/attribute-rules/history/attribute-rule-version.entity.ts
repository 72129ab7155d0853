import { Entity } from 'typeorm';
import { booleanColumn, instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** One version of a rule, as it was saved. Rows are never changed, and stay when the rule is deleted. */
@Entity({ name: 'attribute_rule_versions' })
export class AttributeRuleVersionEntity {
  @textColumn({ primary: true })
  ruleId: string;

  @integerColumn({ primary: true })
  version: number;

  @textColumn()
  name: string;

  @booleanColumn()
  enabled: boolean;

  @textColumn()
  effect: 'DENY' | 'MASK' | 'ALLOW';

  @jsonColumn()
  actions: readonly string[];

  @jsonColumn()
  paths: readonly string[];

  @jsonColumn()
  subject: Record<string, unknown>;

  @jsonColumn()
  object: Record<string, unknown>;

  @jsonColumn()
  conditions: Record<string, unknown>;

  @textColumn({ nullable: true })
  mask: string | null;

  @textColumn()
  denial: 'ERROR' | 'NULL_SILENT';

  @booleanColumn()
  acceptOracleRisk: boolean;

  /** What made this version: CREATED, CHANGED, ENABLED, DISABLED, IMPORTED or DELETED. */
  @textColumn()
  change: string;

  @textColumn()
  changedBy: string;

  @instantColumn()
  changedAt: number;
}
