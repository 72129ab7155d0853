import { MetadataUniqueValueEntity } from '#src/features/metadata/schema/metadata-unique-value.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

interface StoreValue {
  readonly store: 'user' | 'app';
  readonly path: string;
  readonly valueHash: string;
}

/** Those of the values that users have already, as `store path hash`. */
export async function findTakenValues(
  store: Store,
  values: readonly StoreValue[],
): Promise<ReadonlySet<string>> {
  if (values.length === 0) return new Set();
  const at = (property: keyof MetadataUniqueValueEntity & string): Sql =>
    store.column(MetadataUniqueValueEntity, property, 'mu');
  const hashes = [...new Set(values.map(({ valueHash }) => valueHash))];
  const rows = await store.query<StoreValue>(
    sql`SELECT ${at('store')} AS "store", ${at('path')} AS "path", ${at('valueHash')} AS "valueHash"
      FROM ${store.table(MetadataUniqueValueEntity)} AS mu WHERE ${store.dialect.anyOf(at('valueHash'), hashes)}`,
    { store: 'text', path: 'text', valueHash: 'text' },
  );
  return new Set(rows.map(({ store: name, path, valueHash }) => `${name} ${path} ${valueHash}`));
}

/** Reserves values for new users; a value that somebody took since the look-up is a violation, and the chunk is done again. */
export async function insertValues(
  store: Store,
  values: readonly (StoreValue & { readonly userId: string })[],
): Promise<void> {
  if (values.length > 0)
    await store.insert(
      MetadataUniqueValueEntity,
      values.map((value) => ({ ...value })),
    );
}
