import type { Call } from '#src/access/call';
import type { SessionsConfig } from '#src/config/sessions';
import { findLiveSession } from '#src/features/sessions/minting/live-session.repository';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { isAlive, sessionLimits, type CookieMode } from '#src/features/sessions/session-policy';
import { findSessions } from '#src/features/sessions/session.repository';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
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

/**
 * For changes by which somebody gets in again: refuses, with UNAUTHENTICATED, a signed-in caller who has been signed out, blocked or given
 * other credentials since the request was recognised. SECURITY: a thief's request that waits for a hash, or stands behind another one in its
 * document, must not put a new way in beside what the owner has just taken back. Locks the user and the session until the end of the
 * transaction of `store`. A machine has neither.
 */
export async function requireStandingCaller(
  store: Store,
  { principal }: Pick<Call, 'principal'>,
): Promise<void> {
  const { userId, sessionId, credentialEpoch } = principal;
  if (userId === null) return;
  const state = await readUserState(store, userId, true);
  if (state === null || state.blocked) throw sessionEnded();
  if (sessionId === null) {
    // A token that outlives its session, or came from none, is as good as the epoch under which it was recognised.
    if (credentialEpoch !== null && credentialEpoch < state.credentialEpoch) throw sessionEnded();
    return;
  }
  const session = await findLiveSession(store, sessionId, userId);
  if (session === null || session.credentialEpoch < state.credentialEpoch) throw sessionEnded();
}

/** The answer to who was recognised a moment ago and stands no longer. */
export function sessionEnded(): GatehouseError {
  return commonErrors.UNAUTHENTICATED({
    message: 'This session has ended. Sign in again.',
    extensions: { reason: 'SESSION_ENDED' },
  });
}
