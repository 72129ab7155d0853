import { neededColumns } from '#src/graphql/needed-columns';
import { parentPages } from '#src/graphql/parent-pages';
import { reachOf } from '#src/features/users/reach/reach';
import type { RequestContext } from '#src/graphql/request-context';
import { defineLoader } from '#src/graphql/request-loader';
import { findSessions, sessionFieldColumns, type SessionRow } from './session.repository';
import type { SessionStatus } from './session-status';
import { countUserSessions, findUserSessions } from './user-sessions.repository';

/** The session of an id, or null when there is none that the caller may know of: his own, or those that `read:sessions` opens. */
export const sessionById = defineLoader<string, SessionRow | null>('session-by-id', async (ids, context) => {
  const { principal, store } = context;
  const reader = principal.permissions.has('read:sessions')
    ? { reach: reachOf(context), owner: null }
    : { reach: null, owner: principal.userId ?? '' };
  const found = new Map((await findSessions(store, ids, reader)).map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
});

/** Only sessions that stand so; null: all. */
export type SessionScope = SessionStatus | null;

/** Sessions of users, newest first. */
export const sessionsByUser = parentPages<SessionRow, SessionScope>({
  name: 'User.sessions',
  parentOf: (row) => row.userId,
  keyOf: (row) => [row.createdAt, row.id],
  read: (context, userIds, { after, limit, extra }) =>
    findUserSessions(
      context.store,
      {
        userIds,
        status: extra,
        now: context.clock.now(),
        after: after as readonly [number, string] | null,
        limit,
      },
      neededColumns(context, sessionFieldColumns),
    ),
});

export function countSessionsOf(
  { store, clock }: RequestContext,
  userId: string,
  status: SessionScope,
): Promise<number> {
  return countUserSessions(store, { userIds: [userId], status, now: clock.now() });
}
