import { ImportPartEntity } from '#src/features/transfers/imports/import-part.entity';
import { ImportRepeatedKeyEntity } from '#src/features/transfers/imports/import-repeated-key.entity';
import { UserImportEntity } from '#src/features/transfers/imports/user-import.entity';
import { JobEntity } from '#src/jobs/job.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';

const importSelection = columnsOf(UserImportEntity, 'ui', [
  'jobId',
  'connection',
  'format',
  'options',
  'caller',
  'externalId',
  'idempotencyKey',
  'contentHash',
  'rowCount',
  'isComplete',
  'fault',
  'fieldMap',
  'sourceJobId',
  'createdAt',
]);

export type UserImportRow = RowOf<typeof importSelection>;

/** What is known of an import once everything was received. */
export type ReceivedImport = Pick<UserImportRow, 'rowCount' | 'fault' | 'format' | 'fieldMap'>;

const at = (store: Store, property: keyof UserImportEntity & string): Sql =>
  store.column(UserImportEntity, property, 'ui');

export async function insertImport(store: Store, row: UserImportRow): Promise<boolean> {
  return (await store.insert(UserImportEntity, row, { ignoreConflicts: true })) === 1;
}

function select(store: Store, condition: Sql): Promise<UserImportRow[]> {
  const { columns, kinds } = store.selection(importSelection);
  return store.query<UserImportRow>(
    sql`SELECT ${columns} FROM ${store.table(UserImportEntity)} AS ui WHERE ${condition}`,
    kinds,
  );
}

export function findImports(store: Store, jobIds: readonly string[]): Promise<UserImportRow[]> {
  return select(store, store.dialect.anyOf(at(store, 'jobId'), jobIds));
}

export async function findImport(store: Store, jobId: string): Promise<UserImportRow | null> {
  return (await findImports(store, [jobId]))[0] ?? null;
}

export async function findImportByKey(store: Store, idempotencyKey: string): Promise<UserImportRow | null> {
  return (await select(store, sql`${at(store, 'idempotencyKey')} = ${idempotencyKey}`))[0] ?? null;
}

/** Keys that are older may be used again. */
export async function forgetIdempotencyKeys(store: Store, before: Instant): Promise<void> {
  await store.execute(
    sql`UPDATE ${store.table(UserImportEntity)} SET idempotency_key = NULL WHERE idempotency_key IS NOT NULL AND created_at < ${before}`,
  );
}

/** Everything that will come has come: the job may begin. */
export async function completeImport(
  store: Store,
  jobId: string,
  set: ReceivedImport,
  now: Instant,
): Promise<void> {
  await store.update(UserImportEntity, { jobId }, { ...set, isComplete: true });
  await store.update(JobEntity, { id: jobId, status: 'PENDING' }, { availableAt: now, total: set.rowCount });
}

export async function insertPart(store: Store, part: ImportPartEntity): Promise<void> {
  await store.insert(ImportPartEntity, part);
}

export async function findPart(store: Store, jobId: string, number: number): Promise<string | null> {
  const column = (property: keyof ImportPartEntity & string): Sql =>
    store.column(ImportPartEntity, property, 'ip');
  const [part] = await store.query<{ content: string }>(
    sql`SELECT ${column('content')} AS "content" FROM ${store.table(ImportPartEntity)} AS ip
      WHERE ${column('jobId')} = ${jobId} AND ${column('number')} = ${number}`,
    { content: 'text' },
  );
  return part?.content ?? null;
}

/** Rows that were handled must not linger: they hold hashes. */
export async function deletePartsBefore(store: Store, jobId: string, number: number): Promise<void> {
  await store.execute(
    sql`DELETE FROM ${store.table(ImportPartEntity)} WHERE job_id = ${jobId} AND number < ${number}`,
  );
}

export async function insertRepeatedKeys(
  store: Store,
  jobId: string,
  hashes: readonly string[],
): Promise<void> {
  if (hashes.length === 0) return;
  const rows = [...new Set(hashes)].map((keyHash) => ({ jobId, keyHash, takenBy: null }));
  await store.insert(ImportRepeatedKeyEntity, rows, { ignoreConflicts: true });
}

/** Those of the keys that stand in several rows, with the row that came in. */
export async function findRepeatedKeys(
  store: Store,
  jobId: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, number | null>> {
  if (hashes.length === 0) return new Map();
  const column = (property: keyof ImportRepeatedKeyEntity & string): Sql =>
    store.column(ImportRepeatedKeyEntity, property, 'rk');
  const rows = await store.query<{ keyHash: string; takenBy: number | null }>(
    sql`SELECT ${column('keyHash')} AS "keyHash", ${column('takenBy')} AS "takenBy"
      FROM ${store.table(ImportRepeatedKeyEntity)} AS rk
      WHERE ${column('jobId')} = ${jobId} AND ${store.dialect.anyOf(column('keyHash'), hashes)}`,
    { keyHash: 'text', takenBy: 'integer' },
  );
  return new Map(rows.map(({ keyHash, takenBy }) => [keyHash, takenBy]));
}

export async function takeKeys(
  store: Store,
  jobId: string,
  keyHash: readonly string[],
  takenBy: number,
): Promise<void> {
  await store.update(ImportRepeatedKeyEntity, { jobId, keyHash: [...keyHash] }, { takenBy });
}

/** Jobs of these kinds that are not over. */
export async function countUnfinished(store: Store, types: readonly string[]): Promise<number> {
  const column = (property: keyof JobEntity & string): Sql => store.column(JobEntity, property, 'j');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(JobEntity)} AS j
      WHERE ${column('finishedAt')} IS NULL AND ${store.dialect.anyOf(column('type'), types)}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}
