import type { Call } from '#src/access/call';
import type { OrganizationHooks } from '#src/features/organizations/organization-hooks';
import type { MembershipService } from '#src/features/organizations/members/membership.service';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import type { PasswordService } from '#src/features/passwords/password.service';
import type { UserHooks } from '#src/features/users/user-hooks';
import type { Store } from '#src/storage/store';
import { findBoundSessions } from '#src/features/sessions/session.repository';
import { endAndTell } from './end-and-tell';
import { endForDeletion, endForEvent } from './end-for-event';

/** Ends sessions with what they rest on. Runs inside the transaction of the change, so that nothing works a moment longer. */
export function endSessionsOnChanges({
  users: { hooks: users },
  organizations: { hooks: organizations },
  memberships,
  passwords,
}: {
  readonly users: { readonly hooks: Pick<UserHooks, 'signedOut' | 'deleting'> };
  readonly organizations: { readonly hooks: OrganizationHooks };
  readonly memberships: Pick<MembershipService, 'leaving'>;
  readonly passwords: Pick<PasswordService, 'replaced'>;
}): void {
  users.signedOut.push(endAfterUserChange);
  passwords.replaced.push(endAfterPasswordChange);
  users.deleting.push(endForDeletion);
  memberships.leaving.push(async (store, organizationId, userIds, call) => {
    for (const userId of userIds)
      await endForEvent(store, call, userId, 'organization-removed', { organizationId });
  });
  organizations.remnants.push(async ({ store, call, id, after, limit }) => {
    const ids = await findBoundSessions(store, id, { after, limit });
    if (ids.length > 0) await endAndTell(store, call, { ids }, 'organization-deleted');
    return ids;
  });
}

/** A blocked user loses every session; one whose identifier changed keeps the session that made the change. */
async function endAfterUserChange(store: Store, call: Call, userId: string): Promise<void> {
  const state = await readUserState(store, userId);
  const event = state === null || state.blocked ? 'blocked' : 'identifier-changed';
  const exceptSessionId = ownSession(call, userId);
  // The change of the user has raised the epoch together with its own columns.
  await endForEvent(store, call, userId, event, { exceptSessionId, epochIsRaised: true });
}

/** Who changes his own password inside a session keeps that; a reset by an administrator or by a ticket ends all. */
async function endAfterPasswordChange(store: Store, call: Call, userId: string): Promise<void> {
  const exceptSessionId = ownSession(call, userId);
  const event = exceptSessionId === null ? 'password-reset' : 'password-changed';
  await endForEvent(store, call, userId, event, { exceptSessionId, epochIsRaised: true });
}

/** The caller's session, if the change is about the caller. */
function ownSession({ principal }: Call, userId: string): string | null {
  return principal.userId === userId ? principal.sessionId : null;
}
