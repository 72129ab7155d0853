import type { Call } from '#src/access/call';
import { tellApplications } from '#src/features/sessions/logout/tell-applications';
import { endFamilies } from '#src/features/sessions/refresh/end-families.repository';
import {
  endTheseSessions,
  findEndingSessions,
  type EndedSessions,
} from '#src/features/sessions/session.repository';
import type { EndReason } from '#src/features/sessions/session-status';
import type { Store } from '#src/storage/store';
import { endingRule, type EndingEvent, type LogoutInitiator } from './ending-table';

/** What ending a session needs of a call; the sweeper has no more. */
export type EndingCall = Pick<Call, 'clock' | 'ids' | 'principal' | 'requestId'>;

export interface EndOptions {
  /** Another word for the record than the table's. */
  readonly reason?: EndReason;
  /** Refresh tokens of the session stay, except those that cannot live without it. */
  readonly keepFamilies?: boolean;
  /** Refresh tokens of the session end, whatever the table says. */
  readonly endFamilies?: boolean;
  readonly initiator?: LogoutInitiator | null;
}

/**
 * Ends the active sessions that match, with the refresh tokens that the table of the event names, and tells the applications that want to
 * know. Answers the ids of those sessions. Inside the transaction of `store`; nothing has left this database yet.
 */
export async function endAndTell(
  store: Store,
  call: EndingCall,
  which: EndedSessions,
  event: EndingEvent,
  options: EndOptions = {},
): Promise<readonly string[]> {
  const rule = endingRule(event);
  const sessions = await findEndingSessions(store, which);
  if (sessions.length === 0) return [];
  const ids = sessions.map(({ id }) => id);
  const now = call.clock.now();
  await endTheseSessions(store, ids, { status: rule.status, reason: options.reason ?? rule.reason, now });
  const isBound =
    options.endFamilies === true || (rule.families === 'bound' && options.keepFamilies !== true);
  if (rule.families === 'bound' || rule.families === 'online' || isBound) {
    const only = isBound ? {} : { isOnline: true };
    await endFamilies(store, { sessionIds: ids, ...only }, { reason: rule.reason, now });
  }
  const initiator = options.initiator === undefined ? rule.initiator : options.initiator;
  if (initiator !== null) await tellApplications(store, call, sessions, initiator);
  return ids;
}
