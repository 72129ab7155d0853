import { parentPages } from '#src/graphql/parent-pages';
import type { RequestContext } from '#src/graphql/request-context';
import { countInteractions, findInteractions, type InteractionRow } from './session-interaction.repository';

export interface InteractionScope {
  /** Null: all. */
  readonly type: string | null;
}

/** What happened in sessions, the newest first. */
export const interactionsBySession = parentPages<InteractionRow, InteractionScope>({
  name: 'Session.interactions',
  parentOf: (row) => row.sessionId ?? '',
  keyOf: (row) => [row.occurredAt, row.id],
  read: ({ store }, sessionIds, { after, limit, extra }) =>
    findInteractions(store, {
      ...{ sessionIds, type: extra.type, limit },
      after: after as readonly [number, string] | null,
    }),
});

export function countInteractionsOf(
  { store }: RequestContext,
  sessionId: string,
  { type }: InteractionScope,
): Promise<number> {
  return countInteractions(store, { sessionIds: [sessionId], type });
}
