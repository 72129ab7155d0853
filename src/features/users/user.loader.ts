import { reachOf } from '#src/features/users/reach/reach';
import { findUsers } from './user.repository';
import type { UserRow } from './user-row';
import { defineLoader } from '#src/graphql/request-loader';

/** The user of an id, or null when there is none within the caller's reach. */
export const userById = defineLoader<string, UserRow | null>('user-by-id', (ids, context) =>
  findUsers(context.store, ids, reachOf(context.principal)),
);
