import type { Leaf } from './flatten';
import { MetadataLeafEntity } from './metadata-leaf.entity';
import type { StoreName } from './metadata-store';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** So many paths are looked at; each costs one look into the index. */
const mostPaths = 20;

/** Those paths at which some user has a text where these leaves have a number or boolean, or the other way round. One statement. */
export async function findMixedPaths(
  store: Store,
  name: StoreName,
  leaves: readonly Leaf[],
): Promise<readonly string[]> {
  const asked = new Map(leaves.map((leaf) => [`${leaf.path} ${leaf.kind === 'text'}`, leaf]));
  if (asked.size === 0) return [];
  const at = (property: keyof MetadataLeafEntity & string): Sql =>
    store.column(MetadataLeafEntity, property, 'ml');
  const looks = [...asked.values()].slice(0, mostPaths).map(({ path, kind }) => {
    const other = at(kind === 'text' ? 'numberValue' : 'textValue');
    return sql`SELECT CAST(${path} AS TEXT) AS "path" WHERE EXISTS (
      SELECT 1 FROM ${store.table(MetadataLeafEntity)} AS ml
        WHERE ${at('store')} = ${name} AND ${at('path')} = ${path} AND ${other} IS NOT NULL)`;
  });
  const rows = await store.query<{ path: string }>(sql.join(looks, ' UNION ALL '), { path: 'text' });
  return [...new Set(rows.map(({ path }) => path))];
}
