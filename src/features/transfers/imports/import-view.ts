import type { ImportFormat } from '#src/features/transfers/formats/import-format';
import type { FieldMap } from '#src/features/transfers/formats/field-map';
import type { JobCounts } from '#src/jobs/job';
import type { JobRow } from '#src/jobs/job.repository';
import type { Instant } from '#src/shared/clock';
import { hashCount, resetCount } from './import-counts';
import { keptOptions } from './import-options';
import type { UserImportRow } from './user-import.repository';

/** What readers of a job see of its import. */
export interface ImportView {
  readonly jobId: string;
  readonly createdBy: Pick<JobRow, 'createdBy' | 'createdByKind'>;
  readonly connection: string;
  readonly format: ImportFormat;
  readonly dryRun: boolean;
  readonly externalId: string | null;
  readonly summary: {
    readonly total: number;
    readonly inserted: number;
    readonly updated: number;
    readonly skipped: number;
    readonly failed: number;
  };
  readonly timeLeftSeconds: number | null;
  readonly fieldMap: FieldMap | null;
  /** New users by what their password is. */
  readonly passwordKinds: readonly { readonly kind: string; readonly users: number }[];
  readonly resetRequired: number;
}

export function viewOfImport(asked: UserImportRow, job: JobRow, now: Instant): ImportView {
  const { inserted = 0, updated = 0, skipped = 0, failed = 0, processed = 0 } = job.counts;
  return {
    jobId: asked.jobId,
    createdBy: job,
    connection: asked.connection,
    format: asked.format as ImportFormat,
    dryRun: keptOptions.safeParse(asked.options).data?.dryRun ?? false,
    externalId: asked.externalId,
    summary: { total: inserted + updated + skipped + failed, inserted, updated, skipped, failed },
    timeLeftSeconds: job.finishedAt === null ? timeLeft(processed, asked.rowCount, job.startedAt, now) : 0,
    fieldMap: asked.fieldMap as FieldMap | null,
    passwordKinds: passwordKindsOf(job.counts),
    resetRequired: job.counts[resetCount] ?? 0,
  };
}

/** Counts by the kind of hash; `none`: without a password. */
export function passwordKindsOf(counts: JobCounts): ImportView['passwordKinds'] {
  return Object.entries(counts)
    .filter(([name]) => name.startsWith(hashCount))
    .map(([name, users]) => ({ kind: name.slice(hashCount.length), users }));
}

function timeLeft(done: number, total: number, startedAt: Instant | null, now: Instant): number | null {
  if (done === 0 || startedAt === null) return null;
  return Math.ceil((((now - startedAt) / done) * (total - done)) / 1_000);
}
