import { ExportPartEntity } from './export-part.entity';
import { UserExportEntity } from './user-export.entity';
import { JobEntity } from '#src/jobs/job.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';

const exportSelection = columnsOf(UserExportEntity, 'ue', [
  'jobId',
  'connection',
  'format',
  'fields',
  'options',
  'caller',
  'externalId',
  'rowCount',
  'bytes',
  'credentialsKey',
  'keyThumbprint',
  'approvableUntil',
  'approvedBy',
  'approvedAt',
  'createdAt',
  'expiresAt',
]);
export type UserExportRow = RowOf<typeof exportSelection>;

export async function insertExport(store: Store, row: UserExportRow): Promise<void> {
  await store.insert(UserExportEntity, row);
}

export async function findExports(store: Store, jobIds: readonly string[]): Promise<UserExportRow[]> {
  const { columns, kinds } = store.selection(exportSelection);
  const among = store.dialect.anyOf(store.column(UserExportEntity, 'jobId', 'ue'), jobIds);
  return store.query<UserExportRow>(
    sql`SELECT ${columns} FROM ${store.table(UserExportEntity)} AS ue WHERE ${among}`,
    kinds,
  );
}

/** Lets an export that waits begin; false when it does not wait any more. */
export async function approveExport(
  store: Store,
  jobId: string,
  approvedBy: string,
  now: Instant,
): Promise<boolean> {
  const begun = await store.update(JobEntity, { id: jobId, status: 'PENDING' }, { availableAt: now });
  const approved = await store.update(
    UserExportEntity,
    { jobId, approvedAt: null },
    { approvedBy, approvedAt: now },
  );
  return begun === 1 && approved === 1;
}

/** Adds a piece of the file. */
export async function insertExportPart(
  store: Store,
  part: ExportPartEntity,
  { rowCount, bytes }: Pick<UserExportRow, 'rowCount' | 'bytes'>,
): Promise<void> {
  await store.insert(ExportPartEntity, part);
  await store.update(UserExportEntity, { jobId: part.jobId }, { rowCount, bytes });
}

export async function findExportPart(store: Store, jobId: string, number: number): Promise<string | null> {
  const at = (property: keyof ExportPartEntity & string): Sql =>
    store.column(ExportPartEntity, property, 'ep');
  const [part] = await store.query<{ content: string }>(
    sql`SELECT ${at('content')} AS "content" FROM ${store.table(ExportPartEntity)} AS ep
      WHERE ${at('jobId')} = ${jobId} AND ${at('number')} = ${number}`,
    { content: 'text' },
  );
  return part?.content ?? null;
}

/** From its end on a file is kept for so long. */
export async function setExpiry(store: Store, jobId: string, expiresAt: Instant): Promise<void> {
  await store.update(UserExportEntity, { jobId }, { expiresAt });
}

/** Deletes files that cannot be fetched any more; their jobs read EXPIRED from then on. */
export async function expireExports(store: Store, now: Instant): Promise<void> {
  const over = sql`SELECT job_id FROM ${store.table(UserExportEntity)} WHERE expires_at < ${now}`;
  await store.execute(sql`DELETE FROM ${store.table(ExportPartEntity)} WHERE job_id IN (${over})`);
  await store.execute(
    sql`UPDATE ${store.table(JobEntity)} SET status = ${'EXPIRED'} WHERE status = ${'COMPLETED'} AND id IN (${over})`,
  );
}
