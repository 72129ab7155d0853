import type { Call } from '#src/access/call';
import type { SessionsConfig } from '#src/config/sessions';
import { findLiveSession } from '#src/features/sessions/minting/live-session.repository';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { isAlive, sessionLimits, type CookieMode } from '#src/features/sessions/session-policy';
import { findSessions } from '#src/features/sessions/session.repository';
import type { Store } from '#src/storage/store';

/**
 * The user of a session that is still good, for work that it began and that comes back without it; null when it has ended, run out, or is
 * somebody's who acts in the user's name. Locks user and session until the end of the transaction.
 */
export async function holderOf(
  config: SessionsConfig,
  store: Store,
  call: Call,
  sessionId: string,
): Promise<string | null> {
  const [known] = await findSessions(store, [sessionId], { reach: null, owner: null });
  if (!known || known.actor !== null) return null;
  const { userId } = known;
  const state = await readUserState(store, userId, true);
  const session = await findLiveSession(store, sessionId, userId);
  if (state === null || state.blocked || session === null) return null;
  if (session.credentialEpoch < state.credentialEpoch) return null;
  const limits = sessionLimits(config, session.cookieMode as CookieMode);
  return isAlive(session, call.clock.now(), limits) ? userId : null;
}
