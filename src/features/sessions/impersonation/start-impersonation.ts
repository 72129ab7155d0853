import type { Call } from '#src/access/call';
import { isOwnPermission } from '#src/access/principal';
import { requireFreshSignIn, requireUndelegated } from '#src/access/fresh-sign-in';
import type { SessionsConfig } from '#src/config/sessions';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import type { OrganizationApplicationService } from '#src/features/organizations/applications/organization-application.service';
import type { UserService } from '#src/features/users/user.service';
import type { Instant } from '#src/shared/clock';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { countOf, insertImpersonation } from './impersonation.repository';
import { settleImpersonations } from './settle-impersonations';
import { findRefusals } from './support-refusal.repository';
import { hashSecret } from '#src/shared/secret-hash';

export interface StartImpersonation {
  readonly userId: string;
  readonly clientId: string;
  readonly reason: string;
  readonly ticket?: string | null | undefined;
}

export interface ImpersonationGrant {
  /** For `redeemImpersonation`, once, for a minute; stored nowhere. */
  readonly token: string;
  readonly expiresAt: Instant;
}

export interface ImpersonationParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly applications: ApplicationService;
  readonly organizationApplications: Pick<OrganizationApplicationService, 'admits'>;
  readonly config: SessionsConfig;
}

const tokenMs = 60_000;
const day = 24 * 3_600_000;
const mostADay = 20;
const longestReason = 500;
const tokenForm = /^imp_[\w-]{43}$/;

/** The hash under which a token is stored; null for what cannot be one. */
export function hashImpersonationToken(token: string): string | null {
  return tokenForm.test(token) ? hashSecret(token) : null;
}

/**
 * Grants an administrator to act in the name of a user, for a stated reason. Asks for a fresh sign-in by two factors. FORBIDDEN for
 * oneself, blocked users, users who refused it, users with rights that the caller lacks or (without `impersonate:admins`) with any right
 * over others, and applications that do not allow it; NOT_FOUND for users out of reach, such as those who are no members of the organization
 * that the caller's session is bound to; LIMIT_EXCEEDED beside another impersonation, and above 20 a day. A refusal is
 * recorded as well.
 */
export async function startImpersonation(
  parts: ImpersonationParts,
  call: Call,
  input: StartImpersonation,
  ip: string | null,
): Promise<ImpersonationGrant> {
  requireUndelegated(call);
  requireFreshSignIn(call, { maxAgeSeconds: parts.config.freshSeconds, acr: 'aal2' });
  const { userId: actorUserId, sessionId: actorSessionId } = call.principal;
  if (actorUserId === null || actorSessionId === null) throw commonErrors.FORBIDDEN();
  const reason = checkedReason(input.reason);
  const token = `imp_${call.ids.secret(32)}`;
  const now = call.clock.now();
  const refusal = await call.store.transaction(async (store) => {
    await lockInOrder(store, [actorUserId, input.userId]);
    await settleImpersonations(parts, store, call, { actorUserId });
    const refused = await refusalOf(parts, store, call, { ...input, actorUserId });
    await record(parts.audit, store, call, input, refused);
    if (refused !== null) return refused;
    await insertImpersonation(store, {
      ...{ id: call.ids.next('imp'), tokenHash: hashImpersonationToken(token) ?? '' },
      ...{ actorUserId, actorSessionId, userId: input.userId, clientId: input.clientId },
      ...{ reason, ticket: input.ticket?.slice(0, longestReason) ?? null, ip, sessionId: null },
      ...{ requestedAt: now, tokenExpiresAt: now + tokenMs, startedAt: null, endedAt: null, endReason: null },
    });
    return null;
  });
  if (refusal !== null) throw refusal;
  return { token, expiresAt: now + tokenMs };
}

function checkedReason(text: string): string {
  const reason = text.trim();
  if (reason.length > 0 && reason.length <= longestReason) return reason;
  throw commonErrors.VALIDATION_FAILED({
    message: `Say why, in 1 to ${longestReason} characters.`,
    extensions: { field: 'reason', limit: longestReason },
  });
}

/** Why this impersonation may not be; null: it may. */
async function refusalOf(
  parts: ImpersonationParts,
  store: Store,
  call: Call,
  { userId, clientId, actorUserId }: StartImpersonation & { readonly actorUserId: string },
): Promise<GatehouseError | null> {
  const { users, config } = parts;
  if (userId === actorUserId) return refused('userId', 'Nobody acts in the own name.');
  const target = await users.lockReachable(call, store, userId);
  if (target === null) return commonErrors.NOT_FOUND({ message: 'There is no such user.' });
  if (target.blocked) return refused('userId', 'This user is blocked.');
  if (config.supportOptOut && (await findRefusals(store, [userId])).has(userId))
    return refused('userId', 'This user wants nobody to act in the own name.');
  if (!(await allowsDelegation(parts, store, clientId, call.principal.organizationId))) {
    return refused('clientId', 'This application does not allow to act in the name of somebody else.');
  }
  if (!(await isBelow(store, call, userId)))
    return refused('userId', 'This user has rights of an administrator.');
  const now = call.clock.now();
  const { asked, open } = await countOf(store, actorUserId, now - day);
  if (open > 0) return besideAnother();
  return asked >= mostADay ? beyond(`At most ${mostADay} impersonations a day.`, mostADay) : null;
}

/** Whether somebody may act for users of this application, inside this organization or outside of all (null). */
export async function allowsDelegation(
  { applications, organizationApplications }: ImpersonationParts,
  store: Store,
  clientId: string,
  organizationId: string | null,
): Promise<boolean> {
  const application = await applications.enabled(store, clientId);
  if (application?.allowDelegatedAccess !== true) return false;
  if (organizationId === null) return true;
  // Where members cannot sign in by themselves nobody does in their name.
  if (application.organizationUsage === 'DENY') return false;
  return organizationApplications.admits(store, organizationId, application);
}

/**
 * SECURITY: an impersonation must not lend more rights than the actor has, nor those over other users. Whoever acts inside an organization
 * needs those as well that the user has outside of it.
 */
async function isBelow(store: Store, call: Call, userId: string): Promise<boolean> {
  const { permissions: held, organizationId } = call.principal;
  for (const context of organizationId === null ? [null] : [organizationId, null]) {
    const { permissions } = await gatewayGrants.find(store, userId, context);
    if (permissions.some((name) => !held.has(name))) return false;
    if (!held.has('impersonate:admins') && !permissions.every(isOwnPermission)) return false;
  }
  return true;
}

function refused(field: string, message: string): GatehouseError {
  return commonErrors.FORBIDDEN({ message, extensions: { field } });
}

/** One impersonation at a time. */
export function besideAnother(): GatehouseError {
  return beyond('Stop the other impersonation first.', 1);
}

/**
 * Locks users until the end of the transaction. SECURITY: several requests of one actor at once must not get past its limits. In the
 * order of their ids, so that two transactions never wait for each other.
 */
export async function lockInOrder(store: Store, userIds: readonly string[]): Promise<void> {
  for (const userId of [...userIds].sort()) await readUserState(store, userId, true);
}

function beyond(message: string, limit: number): GatehouseError {
  return commonErrors.LIMIT_EXCEEDED({ message, extensions: { limit } });
}

function record(
  audit: AuditService,
  store: Store,
  call: Call,
  { userId, clientId }: StartImpersonation,
  refusal: GatehouseError | null,
): Promise<void> {
  return audit.record(store, call, {
    action: refusal === null ? 'impersonation.request' : 'impersonation.deny',
    targetType: 'User',
    targetId: userId,
    result: refusal === null ? 'ok' : 'denied',
    details: { clientId, ...(refusal !== null && { code: refusal.code }) },
  });
}
