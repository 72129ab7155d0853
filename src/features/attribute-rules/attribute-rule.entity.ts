import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  textColumn,
} from '#src/storage/columns';

/** A stored rule that denies, masks or allows attributes for some callers and objects. */
@Entity({ name: 'attribute_rules' })
export class AttributeRuleEntity {
  @idColumn()
  id: string;

  @textColumn()
  name: string;

  @booleanColumn()
  enabled: boolean;

  @integerColumn()
  version: number;

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

  @textColumn()
  createdBy: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;
}
