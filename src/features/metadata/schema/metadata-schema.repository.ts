import type { StoreName } from '#src/features/metadata/metadata-store';
import { MetadataSchemaEntity } from '#src/features/metadata/schema/metadata-schema.entity';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const selection = columnsOf(MetadataSchemaEntity, 'ms', [
  'store',
  'schema',
  'undeclaredKeys',
  'version',
  'uniqueness',
  'updatedBy',
  'updatedAt',
]);
export type MetadataSchemaRow = RowOf<typeof selection>;

const allSchemas: Read<object, MetadataSchemaRow> = {
  name: 'metadata_schemas',
  build: (builder) => builder.from(MetadataSchemaEntity, 'ms').orderBy('ms.store', 'DESC'),
  select: selection,
};

/** The version of all stored rules. They belong to a later feature, so their table is named here by text. */
export async function findPolicyVersion(store: Store): Promise<number> {
  const [row] = await store.query<{ version: number }>(
    sql`SELECT "version" FROM "policy_state" WHERE "id" = 1`,
    { version: 'integer' },
  );
  return row?.version ?? 0;
}

/** The schemas in force: of `user` first, then of `app`. */
export function findSchemas(store: Store): Promise<MetadataSchemaRow[]> {
  return store.read(allSchemas, {});
}

export async function findSchema(store: Store, name: StoreName): Promise<MetadataSchemaRow | null> {
  return (await findSchemas(store)).find((row) => row.store === name) ?? null;
}

export async function saveSchema(store: Store, row: MetadataSchemaRow): Promise<void> {
  await store.upsert(MetadataSchemaEntity, row, ['store']);
}

export async function saveUniqueness(
  store: Store,
  { store: name, uniqueness }: Pick<MetadataSchemaRow, 'store' | 'uniqueness'>,
): Promise<void> {
  await store.update(MetadataSchemaEntity, { store: name }, { uniqueness });
}

export async function deleteSchema(store: Store, name: StoreName): Promise<boolean> {
  return (await store.delete(MetadataSchemaEntity, { store: name })) === 1;
}
