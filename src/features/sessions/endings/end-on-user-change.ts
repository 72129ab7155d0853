import type { Call } from '#src/access/call';
import type { OrganizationHooks } from '#src/features/organizations/organization-hooks';
import type { PasswordService } from '#src/features/passwords/password.service';
import { readUserState } from '#src/features/sessions/user-state.repository';
import type { UserHooks } from '#src/features/users/user-hooks';
import type { Store } from '#src/storage/store';
import {
  endSessions,
  endTheseSessions,
  findBoundSessions,
  restampSession,
} from '#src/features/sessions/session.repository';

/** Ends sessions with what they rest on. Runs inside the transaction of the change, so that nothing works a moment longer. */
export function endSessionsOnChanges(
  users: Pick<UserHooks, 'signedOut'>,
  organizations: OrganizationHooks,
  passwords: Pick<PasswordService, 'replaced'>,
): void {
  users.signedOut.push(endAfterUserChange);
  passwords.replaced.push(async (store, call, userId) => {
    const now = call.clock.now();
    await endSessions(store, { userId }, { status: 'REVOKED', reason: 'security', now });
  });
  organizations.remnants.push(async ({ store, call, id, after, limit }) => {
    const ids = await findBoundSessions(store, id, { after, limit });
    const now = call.clock.now();
    await endTheseSessions(store, ids, { status: 'ENDED', reason: 'organization-deleted', now });
    return ids;
  });
}

/** A blocked user loses every session; one whose identifier changed keeps the session that made the change. */
async function endAfterUserChange(store: Store, call: Call, userId: string): Promise<void> {
  const state = await readUserState(store, userId);
  const now = call.clock.now();
  if (state === null || state.blocked) {
    await endSessions(store, { userId }, { status: 'REVOKED', reason: 'blocked', now });
    return;
  }
  const own = call.principal.userId === userId ? call.principal.sessionId : null;
  await endSessions(store, { userId, except: own }, { status: 'REVOKED', reason: 'security', now });
  if (own !== null) await restampSession(store, own, userId, state.credentialEpoch);
}
