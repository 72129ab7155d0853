import { defineLoader } from '#src/graphql/request-loader';
import { findExports, type UserExportRow } from './user-export.repository';

/** What the export of each job was asked; null where the job is none. Whoever reaches the job may ask. */
export const exportByJob = defineLoader<string, UserExportRow | null>(
  'export-by-job',
  async (ids, context) => {
    const found = new Map((await findExports(context.store, ids)).map((row) => [row.jobId, row]));
    return ids.map((id) => found.get(id) ?? null);
  },
);
