import { reachOf } from '#src/features/users/reach/reach';
import { findUsers } from './user.repository';
import { keepFacts, wantedColumns } from '#src/features/users/reach/row-facts';
import type { UserRow } from './user-row';
import { defineLoader } from '#src/graphql/request-loader';

/**
 * The user of an id, or null when there is none within the caller's reach. The row is for answering fields: it holds the columns that
 * the operation selects.
 */
export const userById = defineLoader<string, UserRow | null>('user-by-id', async (ids, context) => {
  const rows = await findUsers(context.store, ids, reachOf(context), wantedColumns(context));
  keepFacts(context, rows);
  return rows;
});
