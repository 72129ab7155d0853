import { JobEntity } from '#src/jobs/job.entity';
import { jobSelection, type JobRow } from '#src/jobs/job.repository';
import type { JobStatus } from '#src/jobs/job';
import type { Page, PageArguments } from '#src/shared/page';
import { keysetPage } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Who asked for a job. */
export interface JobMaker {
  readonly kind: JobRow['createdByKind'];
  readonly subject: string;
}

/** Null or absent: any. */
export interface JobFilter {
  readonly type?: string | null;
  readonly status?: readonly JobStatus[] | null;
  readonly maker?: JobMaker | null;
  readonly organizationId?: string | null;
}

function conditionOf(store: Store, { type, status, maker, organizationId }: JobFilter): Sql {
  const at = (property: keyof JobEntity & string): Sql => store.column(JobEntity, property, 'j');
  return sql.and([
    type ? sql`${at('type')} = ${type}` : null,
    status ? store.dialect.anyOf(at('status'), status) : null,
    maker ? sql`${at('createdBy')} = ${maker.subject} AND ${at('createdByKind')} = ${maker.kind}` : null,
    organizationId ? sql`${at('organizationId')} = ${organizationId}` : null,
  ]);
}

/** Jobs that match, newest first. */
export function listJobRows(store: Store, filter: JobFilter, page: PageArguments): Promise<Page<JobRow>> {
  const { columns, kinds } = store.selection(jobSelection);
  const condition = conditionOf(store, filter);
  return keysetPage<JobRow>(
    store,
    {
      order: 'jobs:newest',
      keys: [
        {
          column: store.column(JobEntity, 'createdAt', 'j'),
          direction: 'desc',
          of: (row) => row.createdAt,
        },
        { column: store.column(JobEntity, 'id', 'j'), direction: 'desc', of: (row) => row.id },
      ],
      arguments: page,
    },
    ({ where, orderBy, limit }) =>
      store.query(
        sql`SELECT ${columns} FROM ${store.table(JobEntity)} AS j WHERE ${sql.and([condition, where])}
          ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}

export async function countJobRows(store: Store, filter: JobFilter): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(JobEntity)} AS j WHERE ${conditionOf(store, filter)}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export function findJobRows(store: Store, ids: readonly string[]): Promise<JobRow[]> {
  const { columns, kinds } = store.selection(jobSelection);
  const among = store.dialect.anyOf(store.column(JobEntity, 'id', 'j'), ids);
  return store.query<JobRow>(
    sql`SELECT ${columns} FROM ${store.table(JobEntity)} AS j WHERE ${among}`,
    kinds,
  );
}
