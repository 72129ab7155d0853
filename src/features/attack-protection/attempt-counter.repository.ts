import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { AttemptCounterEntity } from './attempt-counter.entity';

const counterSelection = columnsOf(AttemptCounterEntity, 'a', [
  'key',
  'kind',
  'subject',
  'network',
  'failures',
  'since',
  'lastAt',
  'blockedUntil',
]);

export type CounterRow = RowOf<typeof counterSelection>;

/**
 * The counters of these keys, locked until the end of the transaction; absent ones are made first, with no attempt, so that parallel
 * first attempts wait for each other too. In the order of the keys, on every node, so that no two wait in a circle.
 */
export async function lockCounters(
  store: Store,
  fresh: readonly Omit<CounterRow, 'failures' | 'since' | 'lastAt' | 'blockedUntil'>[],
  now: Instant,
): Promise<CounterRow[]> {
  const rows = [...fresh]
    .sort((left, right) => (left.key < right.key ? -1 : 1))
    .map((row) => ({ ...row, ...untouched(now) }));
  await store.insert(AttemptCounterEntity, rows, { ignoreConflicts: true });
  return readCounters(
    store,
    rows.map(({ key }) => key),
    true,
  );
}

/** What a counter says before the first attempt. */
export function untouched(now: Instant): Pick<CounterRow, 'failures' | 'since' | 'lastAt' | 'blockedUntil'> {
  return { failures: 0, since: now, lastAt: now, blockedUntil: null };
}

export async function readCounters(
  store: Store,
  keys: readonly string[],
  isLocked = false,
): Promise<CounterRow[]> {
  const { columns, kinds } = store.selection(counterSelection);
  const key = store.column(AttemptCounterEntity, 'key', 'a');
  return store.query(
    sql`SELECT ${columns} FROM ${store.table(AttemptCounterEntity)} AS a
      WHERE ${store.dialect.anyOf(key, keys)} ORDER BY ${key}${isLocked ? store.dialect.forUpdate : sql.empty}`,
    kinds,
  );
}

/** What is counted of one account, by the hash of its connection and identifier. */
export async function findCountersOf(store: Store, subjects: readonly string[]): Promise<CounterRow[]> {
  const { columns, kinds } = store.selection(counterSelection);
  const subject = store.column(AttemptCounterEntity, 'subject', 'a');
  return store.query(
    sql`SELECT ${columns} FROM ${store.table(AttemptCounterEntity)} AS a
      WHERE ${store.dialect.anyOf(subject, subjects)} ORDER BY ${store.column(AttemptCounterEntity, 'lastAt', 'a')} DESC LIMIT 1000`,
    kinds,
  );
}

export async function saveCounters(store: Store, rows: readonly CounterRow[]): Promise<void> {
  if (rows.length > 0) await store.upsert(AttemptCounterEntity, rows, ['key']);
}

export async function deleteCounters(store: Store, keys: readonly string[]): Promise<number> {
  return keys.length === 0 ? 0 : store.delete(AttemptCounterEntity, { key: keys });
}

export async function deleteCountersOf(store: Store, subjects: readonly string[]): Promise<number> {
  return subjects.length === 0 ? 0 : store.delete(AttemptCounterEntity, { subject: subjects });
}

/** Deletes some counters that were not touched since and are not in force; answers how many. */
export async function deleteCountersBefore(
  store: Store,
  { before, now, limit }: { readonly before: Instant; readonly now: Instant; readonly limit: number },
): Promise<number> {
  const table = store.table(AttemptCounterEntity);
  return store.execute(sql`DELETE FROM ${table} WHERE key IN (
    SELECT key FROM ${table} WHERE last_at < ${before} AND since < ${now} LIMIT ${limit})`);
}
