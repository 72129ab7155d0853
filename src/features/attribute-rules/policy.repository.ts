import { AttributeRuleEntity } from './attribute-rule.entity';
import { BlacklistEntryEntity } from './blacklist-entry.entity';
import { PolicyStateEntity } from './policy-state.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { MetadataSchemaEntity } from '#src/features/metadata/schema/metadata-schema.entity';
import { columnInfo, columnsOf, expression } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { EntityClass, Read, SelectContext, Store } from '#src/storage/store';

/** Rows as the database folds them: arrays of values in the order of the properties. */
type Folded = readonly (readonly unknown[])[];

const ruleProperties = [
  'id',
  'name',
  'effect',
  'actions',
  'paths',
  'subject',
  'object',
  'conditions',
  'mask',
  'denial',
  'acceptOracleRisk',
] as const;
const entryProperties = ['scope', 'scopeId', 'name'] as const;
const connectionProperties = ['name', 'strategy', 'options'] as const;
const schemaProperties = ['store', 'schema', 'undeclaredKeys', 'version', 'uniqueness'] as const;

const hookProperties = ['scope', 'name', 'version', 'definition'] as const;
const hookColumns = [
  { sql: '"dh"."scope"', kind: 'text' },
  { sql: '"dh"."name"', kind: 'text' },
  { sql: '"dh"."version"', kind: 'integer' },
  { sql: '"dh"."definition"', kind: 'json' },
] as const;

/** A hook of delegated administration, whose table belongs to a later feature. */
export interface StoredHook {
  readonly scope: string;
  readonly name: string;
  readonly version: number;
  readonly definition: unknown;
}

export type StoredRule = Pick<AttributeRuleEntity, (typeof ruleProperties)[number]>;
export type StoredEntry = Pick<BlacklistEntryEntity, (typeof entryProperties)[number]>;

export type StoredSchema = Pick<MetadataSchemaEntity, (typeof schemaProperties)[number]>;

export type StoredConnection = Pick<ConnectionEntity, (typeof connectionProperties)[number]>;

export interface StoredPolicy {
  readonly version: number;
  /** The enabled rules, oldest first. */
  readonly rules: readonly StoredRule[];
  readonly blacklist: readonly StoredEntry[];
  readonly schemas: readonly StoredSchema[];
  /** Current hooks of delegated administration. Absent: none. */
  readonly delegation?: readonly StoredHook[];
  /** Where users come from: their claims have other names for what the blacklist names. Absent: none. */
  readonly connections?: readonly StoredConnection[];
}

const versionRead: Read<object, { readonly version: number }> = {
  name: 'policy_version',
  build: (builder) => builder.from(PolicyStateEntity, 's').where('s.id = 1'),
  select: columnsOf(PolicyStateEntity, 's', ['version']),
};

export async function findPolicyVersion(store: Store): Promise<number> {
  const [row] = await store.read(versionRead, {});
  return row?.version ?? 0;
}

function folded<Entity extends object>(
  entity: EntityClass<Entity>,
  alias: string,
  properties: readonly (keyof Entity & string)[],
  from: string,
  orderBy: readonly (keyof Entity & string)[],
): (context: SelectContext) => string {
  return (context) => {
    const at = (property: string): string => context.column(entity, property, alias).sql;
    const columns = properties.map((property) => ({
      sql: at(property),
      kind: columnInfo(entity, property).kind,
    }));
    return `(SELECT ${context.dialect.jsonArrayAggregate(columns, orderBy.map(at).join(', '))} FROM ${from})`;
  };
}

const policyRead: Read<
  object,
  {
    readonly version: number;
    readonly rules: Folded;
    readonly blacklist: Folded;
    readonly schemas: Folded;
    readonly connections: Folded;
    readonly delegation: Folded;
  }
> = {
  name: 'policy',
  build: (builder) => builder.from(PolicyStateEntity, 's').where('s.id = 1'),
  select: {
    ...columnsOf(PolicyStateEntity, 's', ['version']),
    rules: expression<Folded>(
      folded(
        AttributeRuleEntity,
        'ar',
        ruleProperties,
        '"attribute_rules" "ar" WHERE "ar"."enabled" = TRUE',
        ['createdAt', 'id'],
      ),
      'json',
    ),
    blacklist: expression<Folded>(
      folded(BlacklistEntryEntity, 'be', entryProperties, '"blacklist_entries" "be"', [
        'scope',
        'scopeId',
        'name',
      ]),
      'json',
    ),
    delegation: expression<Folded>(
      // The table belongs to a later feature, so it is named by text.
      ({ dialect }) =>
        `(SELECT ${dialect.jsonArrayAggregate(hookColumns, '"dh"."scope", "dh"."name"')} FROM "delegation_hooks" "dh" WHERE "dh"."is_current" = TRUE)`,
      'json',
    ),
    connections: expression<Folded>(
      folded(ConnectionEntity, 'co', connectionProperties, '"connections" "co"', ['name']),
      'json',
    ),
    schemas: expression<Folded>(
      folded(MetadataSchemaEntity, 'ms', schemaProperties, '"metadata_schemas" "ms"', ['store']),
      'json',
    ),
  },
};

/** Version, rules, blacklist and metadata schemas in one statement, so that they belong together. */
export async function findPolicy(store: Store): Promise<StoredPolicy> {
  const [row] = await store.read(policyRead, {});
  if (!row) throw new Error('The row of policy_state is missing.');
  return {
    version: row.version,
    rules: unfold<StoredRule>(ruleProperties, row.rules),
    blacklist: unfold<StoredEntry>(entryProperties, row.blacklist),
    delegation: unfold<StoredHook>(hookProperties, row.delegation),
    schemas: unfold<StoredSchema>(schemaProperties, row.schemas),
    connections: unfold<StoredConnection>(connectionProperties, row.connections),
  };
}

function unfold<Row>(properties: readonly string[], rows: Folded): Row[] {
  return rows.map(
    (values) => Object.fromEntries(properties.map((property, index) => [property, values[index]])) as Row,
  );
}

/** On which a change of rules or blacklists is told to the other nodes. */
export const policyChannel = 'gatehouse_policy';

/** Moves the version on and tells the other nodes when the transaction ends; keeps every other change waiting until then. */
export async function raisePolicyVersion(store: Store): Promise<void> {
  const version = sql.raw('"version" = "version" + 1');
  await store.execute(
    sql`UPDATE ${store.table(PolicyStateEntity)} SET ${version} WHERE ${sql.raw('"id"')} = 1`,
  );
  await store.execute(store.dialect.signal(policyChannel));
}
