import type { Call } from '#src/access/call';
import type { JobRow } from '#src/jobs/job.repository';
import type { JobFilter, JobMaker } from './job-list.repository';

function makerOf({ principal }: Pick<Call, 'principal'>): JobMaker {
  return { kind: principal.kind, subject: principal.subject };
}

export function isOwnJob(call: Pick<Call, 'principal'>, row: JobRow): boolean {
  const { kind, subject } = makerOf(call);
  return kind !== 'anonymous' && row.createdBy === subject && row.createdByKind === kind;
}

/**
 * Whether the caller reads this job: their own, or any with `read:jobs`.
 * SECURITY: a caller bound to an organization reaches only what was asked for within it, whatever the permissions.
 */
export function mayReadJob(call: Pick<Call, 'principal'>, row: JobRow): boolean {
  const { organizationId, permissions } = call.principal;
  if (organizationId !== null && row.organizationId !== organizationId) return false;
  return isOwnJob(call, row) || permissions.has('read:jobs');
}

/** The same as a condition on lists. */
export function jobsWithinReach(call: Pick<Call, 'principal'>): Pick<JobFilter, 'maker' | 'organizationId'> {
  const { organizationId, permissions } = call.principal;
  return { organizationId, maker: permissions.has('read:jobs') ? null : makerOf(call) };
}
