import type { Call } from '#src/access/call';
import type { Store } from '#src/storage/store';
import type { JobDefinition } from './define-job';
import { findUnfinishedByKey, insertJob, type JobRow } from './job.repository';

export interface EnqueueOptions {
  /** Only one unfinished job has this key: a second one is not made, the first is answered. */
  readonly uniqueKey?: string;
  /** Milliseconds before it may start. */
  readonly delayMs?: number;
  /** How many rows it will handle, if that is known. */
  readonly total?: number;
}

/** Asks for a job in the caller's transaction: it exists exactly when that is committed. */
export async function enqueueJob<Payload extends object>(
  store: Store,
  call: Pick<Call, 'clock' | 'ids' | 'principal' | 'requestId'>,
  definition: JobDefinition<Payload>,
  payload: Payload,
  options: EnqueueOptions = {},
): Promise<JobRow> {
  const now = call.clock.now();
  const { principal, requestId } = call;
  const row: JobRow = {
    id: call.ids.next('job'),
    type: definition.name,
    status: 'PENDING',
    payload: definition.payload.parse(payload),
    checkpoint: null,
    counts: {},
    total: options.total ?? null,
    attempts: 0,
    availableAt: now + (options.delayMs ?? 0),
    leaseOwner: null,
    uniqueKey: options.uniqueKey ?? null,
    faultCode: null,
    faultMessage: null,
    createdBy: principal.subject,
    createdByKind: principal.kind,
    organizationId: principal.organizationId,
    requestId,
    createdAt: now,
    updatedAt: now,
    startedAt: null,
    finishedAt: null,
  };
  if ((await insertJob(store, row)) === 1) return row;
  const standing = await findUnfinishedByKey(store, options.uniqueKey ?? '');
  return standing ?? enqueueJob(store, call, definition, payload, options);
}
