import { defineLoader } from '#src/graphql/request-loader';
import { findJob } from '#src/jobs/job.repository';
import { viewOfImport, type ImportView } from './import-view';
import { findImports } from './user-import.repository';

/** What the import of each job was asked, and came to; null where the job is none. Whoever reaches the job may ask. */
export const importByJob = defineLoader<string, ImportView | null>('import-by-job', async (ids, context) => {
  const found = new Map((await findImports(context.store, ids)).map((row) => [row.jobId, row]));
  return Promise.all(
    ids.map(async (id) => {
      const asked = found.get(id);
      const job = asked ? await findJob(context.store, id) : null;
      return asked && job ? viewOfImport(asked, job, context.clock.now()) : null;
    }),
  );
});
