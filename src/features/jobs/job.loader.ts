import { defineLoader } from '#src/graphql/request-loader';
import { findJobRows } from './job-list.repository';
import { mayReadJob } from './job-reach';
import { viewOfJob, type JobView } from './job-view';

/** The job of an id, or null when there is none within the caller's reach. */
export const jobById = defineLoader<string, JobView | null>('job-by-id', async (ids, context) => {
  const rows = await findJobRows(context.store, ids);
  const found = new Map(
    rows.filter((row) => mayReadJob(context, row)).map((row) => [row.id, viewOfJob(row)]),
  );
  return ids.map((id) => found.get(id) ?? null);
});
