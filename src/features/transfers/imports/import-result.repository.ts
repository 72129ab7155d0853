import { ImportResultEntity } from '#src/features/transfers/imports/import-result.entity';
import { JobEntity } from '#src/jobs/job.entity';
import type { Instant } from '#src/shared/clock';
import type { Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { escapeLike } from '#src/storage/dialect/dialect';
import { keysetPage } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { ImportPartEntity } from '#src/features/transfers/imports/import-part.entity';

const resultSelection = columnsOf(ImportResultEntity, 'ir', [
  'jobId',
  'rowIndex',
  'line',
  'outcome',
  'userId',
  'errors',
  'warnings',
  'echo',
]);

export type ImportResultRow = RowOf<typeof resultSelection>;

const at = (store: Store, property: keyof ImportResultEntity & string): Sql =>
  store.column(ImportResultEntity, property, 'ir');

export async function insertResults(store: Store, results: readonly ImportResultEntity[]): Promise<void> {
  if (results.length > 0) await store.insert(ImportResultEntity, results);
}

/** `errors`: rows that failed; `warnings`: rows that came in with a warning, or failed with one. */
export interface ResultFilter {
  readonly jobId: string;
  readonly kind: 'errors' | 'warnings';
  /** Any of these; null: all. */
  readonly codes: readonly string[] | null;
}

function conditionOf(store: Store, { jobId, kind, codes }: ResultFilter): Sql {
  const isKind =
    kind === 'errors' ? sql`${at(store, 'outcome')} = ${'failed'}` : sql`${at(store, 'warnings')} <> ${'[]'}`;
  const isCode =
    codes?.map((code) => store.dialect.like(at(store, 'codes'), `%|${escapeLike(code)}|%`)) ?? [];
  return sql.and([
    sql`${at(store, 'jobId')} = ${jobId}`,
    isKind,
    isCode.length === 0 ? null : sql`(${sql.join(isCode, ' OR ')})`,
  ]);
}

/** Rows of the report, in the order of the file. */
export function findResults(
  store: Store,
  filter: ResultFilter,
  page: PageArguments,
): Promise<Page<ImportResultRow>> {
  const { columns, kinds } = store.selection(resultSelection);
  const condition = conditionOf(store, filter);
  return keysetPage<ImportResultRow>(
    store,
    {
      order: `import-results:${filter.kind}`,
      keys: [{ column: at(store, 'rowIndex'), direction: 'asc', of: (row) => row.rowIndex }],
      arguments: page,
    },
    ({ where, orderBy, limit }) =>
      store.query(
        sql`SELECT ${columns} FROM ${store.table(ImportResultEntity)} AS ir WHERE ${sql.and([condition, where])}
          ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}

export async function countResults(store: Store, filter: ResultFilter): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(ImportResultEntity)} AS ir WHERE ${conditionOf(store, filter)}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** How many rows of a report have each code, the most frequent first. */
export async function countCodes(
  store: Store,
  jobId: string,
): Promise<readonly { readonly code: string; readonly rows: number }[]> {
  const groups = await store.query<{ codes: string; n: number }>(
    sql`SELECT ${at(store, 'codes')} AS "codes", COUNT(*) AS "n" FROM ${store.table(ImportResultEntity)} AS ir
      WHERE ${at(store, 'jobId')} = ${jobId} GROUP BY ${at(store, 'codes')}`,
    { codes: 'text', n: 'integer' },
  );
  const counts = new Map<string, number>();
  for (const { codes, n } of groups)
    for (const code of codes.split('|').filter(Boolean)) counts.set(code, (counts.get(code) ?? 0) + n);
  return [...counts].map(([code, rows]) => ({ code, rows })).sort((a, b) => b.rows - a.rows);
}

export interface FailedRow {
  readonly rowIndex: number;
  readonly line: number | null;
  readonly content: string;
}

/** Failed rows whose content is still kept, behind an index, in the order of the file. */
export function findFailedRows(
  store: Store,
  jobId: string,
  after: number,
  limit: number,
): Promise<FailedRow[]> {
  return store.query<FailedRow>(
    sql`SELECT ${at(store, 'rowIndex')} AS "rowIndex", ${at(store, 'line')} AS "line", ${at(store, 'content')} AS "content"
      FROM ${store.table(ImportResultEntity)} AS ir
      WHERE ${at(store, 'jobId')} = ${jobId} AND ${at(store, 'rowIndex')} > ${after} AND ${at(store, 'content')} IS NOT NULL
      ORDER BY ${at(store, 'rowIndex')} LIMIT ${limit}`,
    { rowIndex: 'integer', line: 'integer', content: 'text' },
  );
}

const finishedJobs = (store: Store, before: Instant): Sql =>
  sql`SELECT ${store.column(JobEntity, 'id', 'j')} FROM ${store.table(JobEntity)} AS j
    WHERE ${store.column(JobEntity, 'finishedAt', 'j')} < ${before}`;

/** Forgets the content of failed rows of jobs that ended before; answers how many. */
export function forgetContents(store: Store, before: Instant, limit: number): Promise<number> {
  const table = store.table(ImportResultEntity);
  return store.execute(
    sql`UPDATE ${table} SET content = NULL WHERE job_id IN (
      SELECT job_id FROM ${table} WHERE content IS NOT NULL AND job_id IN (${finishedJobs(store, before)}) LIMIT ${limit})
      AND content IS NOT NULL`,
  );
}

/** Deletes rows that a job which is over (failed, cancelled) left behind. */
export function deleteLeftParts(store: Store, before: Instant): Promise<number> {
  return store.execute(
    sql`DELETE FROM ${store.table(ImportPartEntity)} WHERE job_id IN (${finishedJobs(store, before)})`,
  );
}

/** Deletes reports of jobs that ended before, and says so: the jobs read EXPIRED from then on. */
export async function expireReports(store: Store, type: string, before: Instant): Promise<void> {
  const jobs = finishedJobs(store, before);
  await store.execute(sql`DELETE FROM ${store.table(ImportResultEntity)} WHERE job_id IN (${jobs})`);
  await store.execute(
    sql`UPDATE ${store.table(JobEntity)} SET status = ${'EXPIRED'} WHERE type = ${type} AND finished_at < ${before} AND status <> ${'EXPIRED'}`,
  );
}
