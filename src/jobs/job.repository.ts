import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store, Where } from '#src/storage/store';
import type { JobCounts } from './job';
import { JobEntity } from './job.entity';

export const jobSelection = columnsOf(JobEntity, 'j', [
  'id',
  'type',
  'status',
  'payload',
  'checkpoint',
  'counts',
  'total',
  'attempts',
  'availableAt',
  'leaseOwner',
  'uniqueKey',
  'faultCode',
  'faultMessage',
  'createdBy',
  'createdByKind',
  'organizationId',
  'requestId',
  'createdAt',
  'updatedAt',
  'startedAt',
  'finishedAt',
]);
export type JobRow = RowOf<typeof jobSelection>;

const at = (store: Store, property: keyof JobEntity & string): Sql => store.column(JobEntity, property, 'j');

/** Answers 0 when an unfinished job has the same unique key. */
export function insertJob(store: Store, row: JobRow): Promise<number> {
  return store.insert(JobEntity, row, { ignoreConflicts: row.uniqueKey !== null });
}

async function findOne(store: Store, condition: Sql): Promise<JobRow | null> {
  const { columns, kinds } = store.selection(jobSelection);
  const [row] = await store.query<JobRow>(
    sql`SELECT ${columns} FROM ${store.table(JobEntity)} AS j WHERE ${condition}`,
    kinds,
  );
  return row ?? null;
}

export function findUnfinishedByKey(store: Store, key: string): Promise<JobRow | null> {
  return findOne(store, sql`${at(store, 'uniqueKey')} = ${key} AND ${at(store, 'finishedAt')} IS NULL`);
}

export function findJob(store: Store, id: string): Promise<JobRow | null> {
  return findOne(store, sql`${at(store, 'id')} = ${id}`);
}

export interface ClaimOptions {
  /** Names of the kinds that this worker can do. */
  readonly types: readonly string[];
  readonly now: number;
  readonly leaseOwner: string;
  readonly leaseMs: number;
  /** Only this job. */
  readonly id?: string;
}

function claimable(store: Store, { types, now, id }: Pick<ClaimOptions, 'types' | 'now' | 'id'>): Sql {
  return sql.and([
    sql`${at(store, 'finishedAt')} IS NULL`,
    sql`${at(store, 'availableAt')} <= ${now}`,
    // By one clock for all nodes: one that is ahead must not take over what another is working on.
    sql`(${at(store, 'leaseUntil')} IS NULL OR ${at(store, 'leaseUntil')} <= ${store.dialect.now})`,
    store.dialect.anyOf(at(store, 'type'), types),
    id === undefined ? null : sql`${at(store, 'id')} = ${id}`,
  ]);
}

/** Whether any job waits for a worker, asked without taking the write lock. */
export async function hasClaimable(
  store: Store,
  options: Pick<ClaimOptions, 'types' | 'now' | 'id'>,
): Promise<boolean> {
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${at(store, 'id')} AS "id" FROM ${store.table(JobEntity)} AS j WHERE ${claimable(store, options)} LIMIT 1`,
    { id: 'text' },
  );
  return rows.length > 0;
}

/** How many milliseconds the job has waited that should have been begun first; 0 when none waits. */
export async function longestWait(store: Store, now: number): Promise<number> {
  const [row] = await store.query<{ first: number | null }>(
    sql`SELECT MIN(${at(store, 'availableAt')}) AS "first" FROM ${store.table(JobEntity)} AS j
      WHERE ${at(store, 'finishedAt')} IS NULL AND ${at(store, 'status')} = ${'PENDING'} AND ${at(store, 'availableAt')} <= ${now}`,
    { first: 'instant' },
  );
  return row?.first ? Math.max(0, now - row.first) : 0;
}

/** Takes the job that has waited longest, in a transaction: a new one, or one whose worker has not been heard of for a lease. */
export async function claimJob(store: Store, options: ClaimOptions): Promise<JobRow | null> {
  const { columns, kinds } = store.selection(jobSelection);
  const [row] = await store.query<JobRow>(
    sql`SELECT ${columns} FROM ${store.table(JobEntity)} AS j WHERE ${claimable(store, options)}
      ORDER BY ${at(store, 'availableAt')}, ${at(store, 'id')} LIMIT 1${store.dialect.forUpdateOfFree}`,
    kinds,
  );
  if (!row) return null;
  const set = {
    status: 'PROCESSING',
    leaseOwner: options.leaseOwner,
    attempts: row.attempts + 1,
    startedAt: row.startedAt ?? options.now,
    updatedAt: options.now,
  } as const;
  await store.update(JobEntity, { id: row.id }, set);
  await renewLease(store, { id: row.id, leaseOwner: options.leaseOwner }, options.leaseMs);
  return { ...row, ...set };
}

/** A job in the hands of one claim; a claim that was overtaken or cancelled holds nothing. */
export type Held = Pick<JobRow, 'id'> & { readonly leaseOwner: string };

const stillHeld = ({ id, leaseOwner }: Held): Where<JobEntity> => ({ id, leaseOwner, status: 'PROCESSING' });

/**
 * The lease lasts so many milliseconds from now on, by the clock of the database; answers false when the claim is no longer in force.
 * Inside a transaction it stays in force to its end.
 */
export async function renewLease(store: Store, { id, leaseOwner }: Held, leaseMs: number): Promise<boolean> {
  const renewed = await store.execute(
    sql`UPDATE ${store.table(JobEntity)} SET "lease_until" = ${store.dialect.now} + ${leaseMs}
      WHERE "id" = ${id} AND "lease_owner" = ${leaseOwner} AND "status" = 'PROCESSING'`,
  );
  return renewed === 1;
}

export interface Progress {
  readonly checkpoint: object | null;
  readonly counts: JobCounts;
  readonly total: number | null;
}

export async function saveProgress(store: Store, held: Held, progress: Progress, now: number): Promise<void> {
  await store.update(JobEntity, stillHeld(held), { ...progress, attempts: 0, updatedAt: now });
}

export async function completeJob(store: Store, held: Held, progress: Progress, now: number): Promise<void> {
  // What was asked for may name people; the counts are what the record needs.
  const emptied = { payload: null, checkpoint: null, leaseOwner: null };
  const set = { status: 'COMPLETED' as const, attempts: 0, updatedAt: now, finishedAt: now };
  await store.update(JobEntity, stillHeld(held), { ...progress, ...emptied, ...set });
}

/** Gives the job back: another claim may take it from `availableAt` on. */
export async function releaseJob(
  store: Store,
  held: Held,
  set: Pick<JobRow, 'attempts' | 'availableAt' | 'faultCode' | 'faultMessage'>,
  now: number,
): Promise<void> {
  await store.update(JobEntity, stillHeld(held), {
    ...set,
    status: 'PENDING',
    leaseOwner: null,
    leaseUntil: null,
    updatedAt: now,
  });
}

export async function failJob(
  store: Store,
  held: Held,
  fault: Pick<JobRow, 'faultCode' | 'faultMessage'>,
  now: number,
): Promise<void> {
  const set = { status: 'FAILED' as const, leaseOwner: null, updatedAt: now, finishedAt: now };
  await store.update(JobEntity, stillHeld(held), { ...fault, ...set });
}

/** Ends a job that is not over; answers whether it did. A chunk under way on another node is undone at its end. */
export async function cancelUnfinished(store: Store, id: string, now: number): Promise<boolean> {
  const set = {
    status: 'CANCELLED' as const,
    leaseOwner: null,
    payload: null,
    updatedAt: now,
    finishedAt: now,
  };
  return (
    (await store.update(
      JobEntity,
      { id, status: ['PENDING', 'PROCESSING'] as const, finishedAt: null },
      set,
    )) === 1
  );
}

/** Deletes some jobs that ended before; answers how many. */
export async function deleteFinishedBefore(store: Store, before: number, limit: number): Promise<number> {
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${at(store, 'id')} AS "id" FROM ${store.table(JobEntity)} AS j
      WHERE ${at(store, 'finishedAt')} < ${before} ORDER BY ${at(store, 'finishedAt')} LIMIT ${limit}`,
    { id: 'text' },
  );
  return store.delete(JobEntity, { id: rows.map(({ id }) => id) });
}
