import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import { jobDefinitions } from '#src/jobs/define-job';
import { cancelUnfinished, findJob, type JobRow } from '#src/jobs/job.repository';
import { commonErrors } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';
import { countJobRows, listJobRows, type JobFilter } from './job-list.repository';
import { isOwnJob, jobsWithinReach, mayReadJob } from './job-reach';
import { viewOfJob, type JobView } from './job-view';
import { jobErrors } from './job.errors';

type ListedJobs = Pick<JobFilter, 'type' | 'status'>;

/** What callers see of jobs, and do with them: everybody with their own, holders of permissions with all. */
export class JobService {
  constructor(private readonly audit: AuditService) {}

  /** Jobs within the caller's reach, newest first. */
  async list(call: Call, filter: ListedJobs, page: PageArguments): Promise<Page<JobView>> {
    const found = await listJobRows(call.store, { ...filter, ...jobsWithinReach(call) }, page);
    return { ...found, rows: found.rows.map(viewOfJob), keyOf: ({ createdAt, id }) => [createdAt, id] };
  }

  count(call: Call, filter: ListedJobs): Promise<number> {
    return countJobRows(call.store, { ...filter, ...jobsWithinReach(call) });
  }

  /** Stops a job. What its committed chunks did stays; a chunk under way is undone. One that is cancelled already is answered as it is. */
  cancel(call: Call, id: string): Promise<JobView> {
    return call.store.transaction(async (store) => {
      const row = await findJob(store, id);
      if (!row || !mayReadJob(call, row)) throw commonErrors.NOT_FOUND({ message: 'There is no such job.' });
      if (!isOwnJob(call, row) && !call.principal.permissions.has('update:jobs')) {
        throw commonErrors.FORBIDDEN();
      }
      if (row.status === 'CANCELLED') return viewOfJob(row);
      if (jobDefinitions().get(row.type)?.isCancellable !== true) throw jobErrors.JOB_NOT_CANCELLABLE();
      if (!(await cancelUnfinished(store, id, call.clock.now()))) throw jobErrors.JOB_FINISHED();
      await this.audit.record(store, call, {
        action: 'job.cancel',
        targetType: 'Job',
        targetId: id,
        details: { type: row.type },
      });
      return viewOfJob((await findJob(store, id)) as JobRow);
    });
  }
}
