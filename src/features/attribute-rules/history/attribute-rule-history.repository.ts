import type { AttributeRuleRow } from '#src/features/attribute-rules/attribute-rule.repository';
import { AttributeRuleVersionEntity } from '#src/features/attribute-rules/history/attribute-rule-version.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { readPage, type PageRead } from '#src/storage/page';
import type { RowOf, Store } from '#src/storage/store';

export type RuleChange = 'CREATED' | 'CHANGED' | 'ENABLED' | 'DISABLED' | 'IMPORTED' | 'DELETED';

const versionSelection = columnsOf(AttributeRuleVersionEntity, 'v', [
  'ruleId',
  'version',
  'name',
  'enabled',
  'effect',
  'actions',
  'paths',
  'subject',
  'object',
  'conditions',
  'mask',
  'denial',
  'acceptOracleRisk',
  'change',
  'changedBy',
  'changedAt',
]);
export type AttributeRuleVersionRow = RowOf<typeof versionSelection>;

/** Keeps the rule as it is from this change on. */
export async function insertVersion(
  store: Store,
  { id, createdBy: _createdBy, createdAt: _createdAt, updatedAt, ...content }: AttributeRuleRow,
  change: RuleChange,
  changedBy: string,
): Promise<void> {
  await store.insert(AttributeRuleVersionEntity, {
    ...content,
    ruleId: id,
    change,
    changedBy,
    changedAt: updatedAt,
  });
}

const versionsOfRule: PageRead<{ ruleId: string }, AttributeRuleVersionRow> = {
  name: 'attribute_rule_versions',
  order: 'attribute-rule-versions:version',
  build: (builder) => builder.from(AttributeRuleVersionEntity, 'v').where('v.ruleId = :ruleId'),
  select: versionSelection,
  keys: [{ column: 'v.version', direction: 'desc', of: (row) => row.version }],
};

/** The versions of a rule, newest first; those of a deleted rule stay. */
export function findVersions(
  store: Store,
  ruleId: string,
  page: PageArguments,
): Promise<Page<AttributeRuleVersionRow>> {
  return readPage(store, versionsOfRule, { ruleId }, page);
}
