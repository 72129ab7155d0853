import { defineLoader } from '#src/graphql/request-loader';
import { findApplications, type ApplicationRow } from './application.repository';

/** The application of a client id, or null. */
export const applicationById = defineLoader<string, ApplicationRow | null>(
  'application-by-id',
  async (ids, context) => {
    const found = new Map((await findApplications(context.store, ids)).map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  },
);
