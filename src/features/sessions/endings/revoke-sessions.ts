import type { Call } from '#src/access/call';
import { requireFreshSignIn } from '#src/access/fresh-sign-in';
import type { SessionsConfig } from '#src/config/sessions';
import type { AuditService } from '#src/features/audit/audit.service';
import { reachOf } from '#src/features/users/reach/reach';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import { findSessions, type SessionRow } from '#src/features/sessions/session.repository';

import { endAndTell } from './end-and-tell';

export interface RevokeParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly config: SessionsConfig;
}

const mayEndAll = (call: Call): boolean => call.principal.permissions.has('delete:sessions');

/**
 * Ends one session: the caller's own, or with the permission `delete:sessions` one of any user within reach. All others are NOT_FOUND
 * like those that never were. One that has ended already stays as it is.
 */
export async function revokeSession(
  { audit, config }: RevokeParts,
  call: Call,
  { id, keepFamilies = false }: { readonly id: string; readonly keepFamilies?: boolean },
): Promise<SessionRow> {
  const { principal } = call;
  // SECURITY: guessing ids; a foreign session is looked for only on behalf of who may end it.
  const reader = mayEndAll(call)
    ? { reach: reachOf(call), owner: null }
    : { reach: null, owner: principal.userId ?? '' };
  return call.store.transaction(async (store) => {
    const [session] = await findSessions(store, [id], reader);
    if (!session) throw commonErrors.NOT_FOUND({ message: 'There is no such session.' });
    if (!mayEndAll(call) && id !== principal.sessionId) requireFresh(config, call);
    const ended = await endAndTell(store, call, { ids: [id] }, 'session-revoked', { keepFamilies });
    if (ended.length === 0) return session;
    await audit.record(store, call, { action: 'session.revoke', targetType: 'Session', targetId: id });
    return (await findSessions(store, [id], { reach: null, owner: null }))[0] ?? session;
  });
}

export interface RevokedSessions {
  readonly userId: string;
  readonly count: number;
}

/** Ends every session of a user, or all but the one that the caller uses. Who may ask is for the caller of this to check. */
export async function revokeUserSessions(
  { audit, users, config }: RevokeParts,
  call: Call,
  { userId, exceptCurrent }: { readonly userId: string; readonly exceptCurrent?: boolean | null | undefined },
): Promise<RevokedSessions> {
  if (!mayEndAll(call)) {
    if (userId !== call.principal.userId) throw commonErrors.FORBIDDEN();
    requireFresh(config, call);
  }
  return call.store.transaction(async (store) => {
    await users.requireReachable(call, store, userId);
    const except = exceptCurrent === true ? call.principal.sessionId : null;
    const count = (await endAndTell(store, call, { userId, except }, 'session-revoked')).length;
    await audit.record(store, call, {
      action: 'session.revoke_all',
      targetType: 'User',
      targetId: userId,
      details: { count },
    });
    return { userId, count };
  });
}

/**
 * Ending another session of one's own asks for a recent sign-in (OWASP ASVS 7.5.2). A token that came from no sign-in was made by an
 * operator for this use, and has no age to ask for.
 */
function requireFresh(config: SessionsConfig, call: Call): void {
  if (call.principal.authenticatedAt !== null)
    requireFreshSignIn(call, { maxAgeSeconds: config.freshSeconds });
}
