import type { AuditService } from '#src/features/audit/audit.service';
import type { FeatureParts } from '#src/graphql/feature';
import { jobById } from './job.loader';
import { jobPermissions } from './job.permissions';
import { JobResolver } from './job.resolver';
import { JobService } from './job.service';
import { JobProgressResolver, jobProgress } from './job-progress.resolver';
import { publishJobTypes } from './job.type';

/** What people see of the queue; the queue itself and its worker are the platform's. */
export function startJobs({ audit }: { readonly audit: AuditService }): FeatureParts {
  publishJobTypes();
  return {
    name: 'jobs',
    resolvers: [new JobResolver(new JobService(audit)), new JobProgressResolver()],
    live: [jobProgress],
    entities: [
      {
        type: 'Job',
        ownsId: (id) => id.startsWith('job_'),
        rootField: 'Query.job',
        load: (id, context) => context.load(jobById).load(id),
        loadAll: (ids, context) => context.load(jobById).loadAll(ids),
      },
    ],
    permissions: jobPermissions,
  };
}
