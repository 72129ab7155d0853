import { AttributeRuleEntity } from './attribute-rule.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { readPage, type PageRead } from '#src/storage/page';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const ruleSelection = columnsOf(AttributeRuleEntity, 'ar', [
  'id',
  'name',
  'enabled',
  'version',
  'effect',
  'actions',
  'paths',
  'subject',
  'object',
  'mask',
  'createdBy',
  'createdAt',
  'updatedAt',
]);
export type AttributeRuleRow = RowOf<typeof ruleSelection>;

const ruleById: Read<{ id: string }, AttributeRuleRow> = {
  name: 'attribute_rule_by_id',
  build: (builder) => builder.from(AttributeRuleEntity, 'ar').where('ar.id = :id'),
  select: ruleSelection,
};

export async function findRule(store: Store, id: string): Promise<AttributeRuleRow | null> {
  const [row] = await store.read(ruleById, { id });
  return row ?? null;
}

const allRules: PageRead<object, AttributeRuleRow> = {
  name: 'attribute_rules_page',
  order: 'attribute-rules:createdAt',
  build: (builder) => builder.from(AttributeRuleEntity, 'ar'),
  select: ruleSelection,
  keys: [
    { column: 'ar.createdAt', direction: 'asc', of: (row) => row.createdAt },
    { column: 'ar.id', direction: 'asc', of: (row) => row.id },
  ],
};

/** One page of rules, disabled ones included, oldest first. */
export function findRulePage(store: Store, page: PageArguments): Promise<Page<AttributeRuleRow>> {
  return readPage(store, allRules, {}, page);
}

export async function countRules(store: Store): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(AttributeRuleEntity)} AS ar`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export async function insertRule(store: Store, row: AttributeRuleRow): Promise<void> {
  await store.insert(AttributeRuleEntity, row);
}

export async function updateRule(store: Store, id: string, set: Partial<AttributeRuleEntity>): Promise<void> {
  await store.update(AttributeRuleEntity, { id }, set);
}

export async function deleteRule(store: Store, id: string): Promise<boolean> {
  return (await store.delete(AttributeRuleEntity, { id })) === 1;
}
