import type { Actor } from '#src/access/principal';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import { findBoundSession } from '#src/features/sessions/refresh/refresh.repository';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { isAlive, sessionLimits, type CookieMode } from '#src/features/sessions/session-policy';
import { anyPermission, type SessionsConfig } from '#src/config/sessions';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';

/** As a delegated session keeps its actor. */
export interface SessionActor {
  readonly userId: string;
  readonly sessionId: string;
  readonly reason: string;
  readonly startedAt: Instant;
}

export const impersonatePermission = 'impersonate:users';

/**
 * Of the permissions of a user, those that somebody who acts in his name has: those of both, up to the ceiling. SECURITY: an impersonation
 * lends no right that its actor lacks.
 */
export function sharedPermissions(
  { impersonationCeiling: ceiling }: Pick<SessionsConfig, 'impersonationCeiling'>,
  ofUser: Iterable<string>,
  ofActor: readonly string[],
): readonly string[] {
  const isAny = ceiling.includes(anyPermission);
  return [...ofUser].filter((name) => ofActor.includes(name) && (isAny || ceiling.includes(name)));
}

/** What the credential of a delegated session is limited to, the permissions over the own account included; null: not limited. */
export function sharedLimit(
  { impersonationCeiling: ceiling }: Pick<SessionsConfig, 'impersonationCeiling'>,
  limitedTo: ReadonlySet<string> | null,
): ReadonlySet<string> | null {
  if (ceiling.includes(anyPermission)) return limitedTo;
  return new Set(ceiling.filter((name) => limitedTo === null || limitedTo.has(name)));
}

/** What somebody who acts for a user may do, and where. */
export interface ActorStanding {
  readonly permissions: readonly string[];
  /** The organization inside which he acts, because his own session is bound to it; null: outside of all. */
  readonly organizationId: string | null;
}

/**
 * The standing of somebody who acts for a user, or null when he may no longer: he signed out, was blocked, changed his credentials or
 * lost the permission. What he holds inside an organization counts in a session that is bound to it, and nowhere else. Asked at each
 * request of a delegated session.
 */
export async function actorStanding(
  config: SessionsConfig,
  store: Store,
  now: Instant,
  { userId, sessionId }: Pick<Actor, 'userId' | 'sessionId'>,
): Promise<ActorStanding | null> {
  const user = await readUserState(store, userId);
  const session = sessionId === null ? null : await findBoundSession(store, sessionId, userId);
  if (user === null || user.blocked || session === null || session.status !== 'ACTIVE') return null;
  if (session.credentialEpoch < user.credentialEpoch) return null;
  // The actor works in the delegated session meanwhile, so that the own one is not used: only its absolute end counts.
  const limits = sessionLimits(config, session.cookieMode as CookieMode);
  const times = { ...session, lastInteractedAt: now, idleExpiresAt: session.expiresAt };
  if (!isAlive(times, now, limits)) return null;
  const { organizationId } = session;
  const { permissions } = await gatewayGrants.find(store, userId, organizationId);
  return permissions.includes(impersonatePermission) ? { permissions, organizationId } : null;
}
