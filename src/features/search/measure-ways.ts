import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import type { WayIn } from './ways-in';

/** To how many users each way leads, counting to one more than `most`. */
export async function measureWays(
  store: Store,
  ways: readonly WayIn[],
  most: number,
  timeoutMs: number,
): Promise<number[]> {
  const names = ways.map((_, index) => `n${index}`);
  const counts = ways.map(
    ({ ids }, index) =>
      sql`(SELECT COUNT(*) FROM (${atMost(ids, most)}) AS "counted") AS ${sql.raw(`"n${index}"`)}`,
  );
  const kinds = Object.fromEntries(names.map((name) => [name, 'integer' as const]));
  const [row] = await store.query<Record<string, number>>(sql`SELECT ${sql.join(counts)}`, kinds, {
    timeoutMs,
  });
  return names.map((name) => row?.[name] ?? 0);
}

/** The limit is one of a few constants, and written out it is known when a statement is planned. */
export function atMost(ids: Sql, most: number): Sql {
  return sql`SELECT "key" FROM (${ids}) AS "all" ${sql.raw(`LIMIT ${most + 1}`)}`;
}
