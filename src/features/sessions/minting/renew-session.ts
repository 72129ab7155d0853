import type { Call } from '#src/access/call';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { newSessionSecret } from '#src/features/sessions/session-token';
import { readUserState } from './user-state.repository';
import type { Store } from '#src/storage/store';
import { findLiveSession, updateLiveSession, type LiveSession } from './live-session.repository';
import { assuranceOf, type ProvenMethod } from './proven-user';
import { sessionEnded } from './standing-session';
import { hashSecret } from '#src/shared/secret-hash';

/**
 * Lets the caller's own session go on under the user's newest credential epoch and, where a browser holds it, under a new secret,
 * which goes out with the answer. Inside the transaction of the change that raised the epoch.
 */
export async function restampSession(
  store: Store,
  call: Call,
  session: Pick<LiveSession, 'id' | 'userId'>,
  credentialEpoch: number,
): Promise<void> {
  const live = await findLiveSession(store, session.id, session.userId);
  if (live === null) return;
  await updateLiveSession(store, live.id, { credentialEpoch, ...newSecret(call, live) });
}

/**
 * The step-up of a session: one more proof of identity that was just checked. It raises `authenticatedAt` and the assurance and gives
 * a new secret (ASVS 7.2.4). Inside the transaction of `store`; UNAUTHENTICATED when the session, or its user, no longer stands.
 */
export async function addAuthenticationMethod(
  store: Store,
  call: Call,
  sessionId: string,
  method: Omit<ProvenMethod, 'timestamp'>,
): Promise<Pick<SessionRow, 'id' | 'userId' | 'assurance' | 'authenticatedAt' | 'authenticationMethods'>> {
  const userId = call.principal.userId ?? '';
  const state = await readUserState(store, userId, true);
  const live = await findLiveSession(store, sessionId, userId);
  if (live === null || state === null || state.blocked || live.credentialEpoch < state.credentialEpoch) {
    throw sessionEnded();
  }
  const now = call.clock.now();
  // One entry for each kind of proof, the latest: a session that steps up every day must not grow.
  const kept = (live.authenticationMethods as readonly ProvenMethod[]).filter(
    ({ name, connection }) => name !== method.name || connection !== method.connection,
  );
  const authenticationMethods = [...kept, { ...method, timestamp: now }];
  const assurance = assuranceOf(authenticationMethods);
  await updateLiveSession(store, live.id, {
    authenticationMethods,
    assurance,
    authenticatedAt: now,
    updatedAt: now,
    ...newSecret(call, live),
  });
  return { id: live.id, userId, assurance, authenticatedAt: now, authenticationMethods };
}

/** A secret is changed only where somebody waits for the new one. SECURITY: it is the caller's own session or none. */
function newSecret(call: Call, session: LiveSession): { readonly secretHash?: string } {
  if (call.renewed === undefined || call.principal.sessionId !== session.id) return {};
  const secret = newSessionSecret(call.ids);
  const expiresAt = session.cookieMode === 'persistent' ? session.expiresAt : null;
  call.renewed({ sessionId: session.id, secret, expiresAt });
  return { secretHash: hashSecret(secret) };
}
