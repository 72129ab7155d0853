import { AttributeRuleEntity } from './attribute-rule.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { keysetPage } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
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
  'conditions',
  'mask',
  'denial',
  'acceptOracleRisk',
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

/** Which rules are wanted; what is left out does not narrow. */
export interface RuleFilter {
  readonly enabled?: boolean | null;
  readonly effect?: string | null;
}

/** One page of rules, oldest first. */
export function findRulePage(
  store: Store,
  filter: RuleFilter,
  page: PageArguments,
): Promise<Page<AttributeRuleRow>> {
  const at = (property: 'createdAt' | 'id'): Sql => store.column(AttributeRuleEntity, property, 'ar');
  const { columns, kinds } = store.selection(ruleSelection);
  return keysetPage<AttributeRuleRow>(
    store,
    {
      order: 'attribute-rules:createdAt',
      keys: [
        { column: at('createdAt'), direction: 'asc', of: (row) => row.createdAt },
        { column: at('id'), direction: 'asc', of: (row) => row.id },
      ],
      arguments: page,
    },
    ({ where, orderBy, limit }) =>
      store.query<AttributeRuleRow>(
        sql`SELECT ${columns} FROM ${store.table(AttributeRuleEntity)} ${sql.raw('"ar"')}
          WHERE ${sql.and([where, matches(store, filter)])} ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}

export async function countRules(store: Store, filter: RuleFilter = {}): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(AttributeRuleEntity)} ${sql.raw('"ar"')} WHERE ${matches(store, filter)}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

function matches(store: Store, { enabled, effect }: RuleFilter): Sql {
  const column = (property: 'enabled' | 'effect'): Sql => store.column(AttributeRuleEntity, property, 'ar');
  const isEnabled = typeof enabled === 'boolean' ? sql`${column('enabled')} = ${enabled}` : null;
  return sql.and([isEnabled, effect ? sql`${column('effect')} = ${effect}` : null]);
}

const allRules: Read<object, AttributeRuleRow> = {
  name: 'attribute_rules',
  build: (builder) => builder.from(AttributeRuleEntity, 'ar').orderBy('ar.createdAt').addOrderBy('ar.id'),
  select: ruleSelection,
};

/** Every rule, disabled ones included, oldest first: there are at most 500. */
export function findAllRules(store: Store): Promise<AttributeRuleRow[]> {
  return store.read(allRules, {});
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
