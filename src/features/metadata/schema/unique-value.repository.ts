import type { StoreName } from '#src/features/metadata/metadata-store';
import type { UniqueValue } from './unique-values';
import { MetadataUniqueValueEntity } from '#src/features/metadata/schema/metadata-unique-value.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/**
 * Reserves the values of a user at these paths and gives up those it no longer has. Answers false when another user has one: then
 * the transaction has to be undone. The primary key decides between writers at the same moment.
 */
export async function reserveUniqueValues(
  store: Store,
  owner: { readonly userId: string; readonly store: StoreName },
  paths: readonly string[],
  values: readonly UniqueValue[],
): Promise<boolean> {
  await store.delete(MetadataUniqueValueEntity, { userId: owner.userId, store: owner.store, path: paths });
  if (values.length === 0) return true;
  const rows = values.map(({ path, valueHash }) => ({
    store: owner.store,
    path,
    valueHash,
    userId: owner.userId,
  }));
  return (await store.insert(MetadataUniqueValueEntity, rows, { ignoreConflicts: true })) === rows.length;
}

/** Gives up everything that a user has reserved. */
export async function releaseUniqueValues(store: Store, userId: string): Promise<void> {
  await store.delete(MetadataUniqueValueEntity, { userId });
}

/** Forgets so many reservations at paths of a store, whoever has them; answers how many there were. */
export function forgetUniqueValues(
  store: Store,
  name: StoreName,
  paths: readonly string[],
  limit: number,
): Promise<number> {
  const at = (property: keyof MetadataUniqueValueEntity & string, alias: string): Sql =>
    store.column(MetadataUniqueValueEntity, property, alias);
  const meant = (alias: string): Sql =>
    sql.and([sql`${at('store', alias)} = ${name}`, store.dialect.anyOf(at('path', alias), paths)]);
  const table = store.table(MetadataUniqueValueEntity);
  return store.execute(
    sql`DELETE FROM ${table} AS mu WHERE ${meant('mu')} AND ${at('valueHash', 'mu')} IN (
      SELECT ${at('valueHash', 'mi')} FROM ${table} AS mi WHERE ${meant('mi')} LIMIT ${limit})`,
  );
}

export type OwnedValue = UniqueValue & { readonly userId: string };

/** Reserves values of many users, and answers those that another user has, one of them too. */
export async function insertUniqueValues(
  store: Store,
  name: StoreName,
  values: readonly OwnedValue[],
): Promise<readonly OwnedValue[]> {
  if (values.length === 0) return [];
  const rows = values.map(({ path, valueHash, userId }) => ({ store: name, path, valueHash, userId }));
  const inserted = await store.insert(MetadataUniqueValueEntity, rows, { ignoreConflicts: true });
  if (inserted === rows.length) return [];
  const at = (property: keyof MetadataUniqueValueEntity & string): Sql =>
    store.column(MetadataUniqueValueEntity, property, 'mu');
  const among = (property: 'path' | 'valueHash'): Sql =>
    store.dialect.anyOf(at(property), [...new Set(values.map((value) => value[property]))]);
  const stored = await store.query<OwnedValue>(
    sql`SELECT ${at('path')} AS "path", ${at('valueHash')} AS "valueHash", ${at('userId')} AS "userId"
      FROM ${store.table(MetadataUniqueValueEntity)} AS mu
      WHERE ${sql.and([sql`${at('store')} = ${name}`, among('path'), among('valueHash')])}`,
    { path: 'text', valueHash: 'text', userId: 'text' },
  );
  const owners = new Map(stored.map((value) => [keyOf(value), value.userId]));
  return values.filter((value) => owners.get(keyOf(value)) !== value.userId);
}

function keyOf({ path, valueHash }: UniqueValue): string {
  return `${path} ${valueHash}`;
}
