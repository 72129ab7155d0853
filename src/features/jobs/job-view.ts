import type { JobRow } from '#src/jobs/job.repository';

/** A job as its readers see it: without what only workers need. */
export interface JobView extends Pick<
  JobRow,
  'id' | 'type' | 'status' | 'createdBy' | 'createdAt' | 'startedAt' | 'finishedAt'
> {
  readonly counts: {
    readonly total: number | null;
    readonly processed: number;
    readonly changed: number;
    readonly skipped: number;
    readonly failed: number;
  };
  readonly percentageDone: number | null;
  readonly statusDetails: { readonly code: string; readonly message: string } | null;
}

export function viewOfJob(row: JobRow): JobView {
  const { id, type, status, createdBy, createdAt, startedAt, finishedAt, counts, total } = row;
  const { processed = 0, changed = 0, skipped = 0, failed = 0 } = counts;
  return {
    ...{ id, type: type.toUpperCase(), status, createdBy, createdAt, startedAt, finishedAt },
    counts: { total, processed, changed, skipped, failed },
    percentageDone: percentage(status === 'COMPLETED', processed, total),
    statusDetails:
      row.faultCode === null ? null : { code: row.faultCode, message: row.faultMessage ?? row.faultCode },
  };
}

function percentage(isComplete: boolean, processed: number, total: number | null): number | null {
  if (isComplete) return 100;
  if (total === null) return null;
  // A total is an estimate made at the beginning: rows may have come since.
  return total === 0 ? 0 : Math.min(99.9, Math.round((processed / total) * 1_000) / 10);
}
