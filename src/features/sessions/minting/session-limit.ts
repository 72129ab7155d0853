import type { Call } from '#src/access/call';
import type { SessionsConfig } from '#src/config/sessions';
import { endAndTell } from '#src/features/sessions/endings/end-and-tell';
import { isAlive, sessionLimits, type CookieMode } from '#src/features/sessions/session-policy';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { Store } from '#src/storage/store';
import { findOwnActiveSessions, type ActiveSession } from './live-session.repository';

/**
 * Makes room for one more session of a user, whom it locks: beyond a limit the session used longest ago ends, one of the same
 * application first, or with `denyBeyondLimit` the sign-in is refused with SESSION_LIMIT. Sessions past their lifetime do not count, nor
 * do those in which somebody acts in the user's name. SECURITY: support keeps nobody out of the own account.
 */
export async function makeRoom(
  config: SessionsConfig,
  store: Store,
  call: Call,
  { userId, clientId }: { readonly userId: string; readonly clientId: string | null },
): Promise<void> {
  const { maxPerUser, maxPerUserAndClient } = config;
  if (maxPerUser === 0 && maxPerUserAndClient === 0) return;
  await readUserState(store, userId, true);
  const now = call.clock.now();
  const living = (await findOwnActiveSessions(store, userId)).filter((session) =>
    isAlive(session, now, sessionLimits(config, session.cookieMode as CookieMode)),
  );
  const evicted = new Set(
    clientId === null || maxPerUserAndClient === 0
      ? []
      : beyond(
          living.filter((session) => usedBy(session, clientId)),
          maxPerUserAndClient,
        ),
  );
  const left = living.filter(({ id }) => !evicted.has(id));
  if (maxPerUser > 0) for (const id of beyond(left, maxPerUser)) evicted.add(id);
  if (evicted.size === 0) return;
  if (config.denyBeyondLimit) throw sessionErrors.SESSION_LIMIT();
  await endAndTell(store, call, { ids: [...evicted] }, 'session-revoked', { reason: 'limit' });
}

/** Ids of those that must end so that one more is allowed; they are sorted by their last use, the oldest first. */
function beyond(sessions: readonly ActiveSession[], most: number): string[] {
  return sessions.slice(0, Math.max(0, sessions.length + 1 - most)).map(({ id }) => id);
}

function usedBy({ clients }: ActiveSession, clientId: string): boolean {
  return (clients as readonly { readonly clientId: string }[]).some((client) => client.clientId === clientId);
}
