import type { Leaf } from './flatten';
import { MetadataLeafEntity } from './metadata-leaf.entity';
import type { StoreName } from './metadata-store';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** So many paths are looked at; each costs one look into the index. */
const mostPaths = 20;

/** So many zeros and so many ones are looked at for a boolean among them. */
const sampled = 50;

/** Those paths at which some user has another kind of value than these leaves. One statement. */
export async function findMixedPaths(
  store: Store,
  name: StoreName,
  leaves: readonly Leaf[],
): Promise<readonly string[]> {
  const asked = new Map(leaves.map((leaf) => [`${leaf.path} ${leaf.kind}`, leaf]));
  if (asked.size === 0) return [];
  const looks = [...asked.values()]
    .slice(0, mostPaths)
    .map(
      (leaf) =>
        sql`SELECT CAST(${leaf.path} AS TEXT) AS "path" WHERE ${sql.or(otherKinds(store, name, leaf))}`,
    );
  const rows = await store.query<{ path: string }>(sql.join(looks, ' UNION ALL '), { path: 'text' });
  return [...new Set(rows.map(({ path }) => path))];
}

/** Each is answered by a few entries of an index, however many users have the path. */
function otherKinds(store: Store, name: StoreName, { path, kind }: Leaf): Sql[] {
  const at = (property: keyof MetadataLeafEntity & string): Sql =>
    store.column(MetadataLeafEntity, property, 'ml');
  const from = sql`FROM ${store.table(MetadataLeafEntity)} AS ml
    WHERE ${at('store')} = ${name} AND ${at('path')} = ${path}`;
  const some = (condition: Sql): Sql => sql`EXISTS (SELECT 1 ${from} AND ${condition})`;
  if (kind === 'text') return [some(sql`${at('numberValue')} IS NOT NULL`)];
  const texts = some(sql`${at('textValue')} IS NOT NULL`);
  const number = at('numberValue');
  // Booleans are kept as 0 and 1, so what lies outside is a number.
  if (kind === 'boolean') return [texts, some(sql`${number} > 1`), some(sql`${number} < 0`)];
  const [truth, untruth] = [1, 0].map(
    (value) => sql`EXISTS (SELECT 1 FROM (SELECT ${at('kind')} AS "kind" ${from} AND ${number} = ${value}
      LIMIT ${sampled}) AS sample WHERE "kind" = 'boolean')`,
  ) as [Sql, Sql];
  return [texts, truth, untruth];
}
