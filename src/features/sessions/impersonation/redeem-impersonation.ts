import type { Call } from '#src/access/call';
import { actingUser } from '#src/access/principal';
import type { MailService } from '#src/features/mail/mail.service';
import { endAndTell } from '#src/features/sessions/endings/end-and-tell';
import { mintSession, type StartedSession } from '#src/features/sessions/minting/mint-session';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { grantFor, type MintParts } from '#src/features/sessions/refresh/mint-tokens';
import { findAddress } from '#src/features/sessions/refresh/refresh.repository';
import { sendNotice } from '#src/features/sessions/send-notice';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { statusAt } from '#src/features/sessions/session-status';
import type { TokenGrant } from '#src/features/sessions/tokens/access-token';
import { findSessions, isOpenedBy, type SessionRow } from '#src/features/sessions/session.repository';
import { findTokenContext } from '#src/features/sessions/tokens/token-context.repository';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { actorStanding, type SessionActor } from './actor-standing';
import { impersonationNotice } from './impersonation-notice';
import {
  countOf,
  endStored,
  findByToken,
  findDelegatedBySecret,
  startStored,
} from './impersonation.repository';
import { settleImpersonations } from './settle-impersonations';
import {
  allowsDelegation,
  besideAnother,
  hashImpersonationToken,
  lockInOrder,
  type ImpersonationParts,
} from './start-impersonation';
import { findRefusals } from './support-refusal.repository';

export interface RedeemParts extends ImpersonationParts, MintParts {
  readonly mail: MailService;
}

export interface Redeemed extends StartedSession {
  /** What the access token says, if one was asked for. */
  readonly grant: TokenGrant | null;
  readonly actorSessionId: string;
}

export interface RedeemCaller {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/**
 * Starts the delegated session of a token: once, within a minute, from where it was asked for, while the actor still may. Anything else is
 * IMPERSONATION_TOKEN_INVALID; LIMIT_EXCEEDED beside another impersonation. The user is told by mail.
 */
export async function redeemImpersonation(
  parts: RedeemParts,
  call: Call,
  token: string,
  { ip, userAgent }: RedeemCaller,
  wantsToken: boolean,
): Promise<Redeemed> {
  const hash = hashImpersonationToken(token);
  if (hash === null) throw sessionErrors.IMPERSONATION_TOKEN_INVALID();
  const now = call.clock.now();
  return call.store.transaction(async (store) => {
    const granted = await findByToken(store, hash);
    if (granted === null || now >= granted.tokenExpiresAt || granted.ip !== ip) {
      throw sessionErrors.IMPERSONATION_TOKEN_INVALID();
    }
    const { userId, actorUserId, actorSessionId, clientId, reason } = granted;
    const who = { userId: actorUserId, sessionId: actorSessionId };
    await lockInOrder(store, [actorUserId, userId]);
    const user = await readUserState(store, userId);
    const standing = await actorStanding(parts.config, store, now, who);
    const isRefused = parts.config.supportOptOut && (await findRefusals(store, [userId])).has(userId);
    if (user === null || user.blocked || standing === null || isRefused)
      throw sessionErrors.IMPERSONATION_TOKEN_INVALID();
    const { permissions: held, organizationId } = standing;
    // SECURITY: what the token was granted on may be gone within its minute.
    const isMember =
      organizationId === null || (await findTokenContext(store, organizationId, userId))?.isMember === true;
    if (!isMember || !(await allowsDelegation(parts, store, clientId, organizationId)))
      throw sessionErrors.IMPERSONATION_TOKEN_INVALID();
    // SECURITY: two grants that were asked for side by side must not become two impersonations.
    const { open } = await countOf(store, actorUserId, now);
    if (open > 0) throw besideAnother();
    const actor: SessionActor = { ...who, reason, startedAt: now };
    const proven = {
      userId,
      credentialEpoch: user.credentialEpoch,
      methods: [],
      organizationId,
      clientId,
    };
    const browser = { ip, userAgent, cookieMode: 'non-persistent' } as const;
    const started = await mintSession(parts.config, store, call, { user: proven, browser, actor });
    // SECURITY: one-time tokens redeemed twice in parallel; the loser's session goes with its transaction.
    if (!(await startStored(store, granted.id, started.session.id, now))) {
      throw sessionErrors.IMPERSONATION_TOKEN_INVALID();
    }
    await parts.audit.record(
      store,
      { ...call, principal: actingUser(actorUserId, actorSessionId) },
      {
        action: 'impersonation.start',
        targetType: 'User',
        targetId: userId,
        details: { clientId, sessionId: started.session.id, credential: wantsToken ? 'token' : 'cookie' },
      },
    );
    const to = parts.config.impersonationNotice ? await findAddress(store, userId) : null;
    const variables = { startedAt: now };
    const delayMs = parts.config.impersonationNoticeDelaySeconds * 1_000;
    const notice = { template: impersonationNotice, variables, delayMs };
    if (to !== null) await sendNotice(parts.mail, store, call, { to, ...notice });
    const { session } = started;
    const subject = { ...proven, sessionId: session.id, familyId: null, assurance: session.assurance };
    const grant = wantsToken
      ? await grantFor(parts, store, {
          ...subject,
          authenticatedAt: 0,
          actor: { userId: actorUserId, permissions: held },
        })
      : null;
    return { ...started, grant, actorSessionId };
  });
}

export interface StoppedImpersonation {
  readonly endedSessionId: string;
  /** The actor's own session, if it is still active. */
  readonly own: SessionRow | null;
}

/**
 * Ends the caller's delegated session. `secretHash` is of the cookie that the browser sent: where the session of that is over already,
 * its end is recorded and the way back answered all the same. NOT_IMPERSONATING otherwise.
 */
export async function stopImpersonation(
  parts: ImpersonationParts,
  call: Call,
  secretHash: string | null,
): Promise<StoppedImpersonation> {
  const { actor, sessionId, userId } = call.principal;
  const now = call.clock.now();
  return call.store.transaction(async (store) => {
    if (actor === null || sessionId === null) {
      const over = secretHash === null ? null : await findDelegatedBySecret(store, secretHash);
      if (over === null) throw sessionErrors.NOT_IMPERSONATING();
      await settleImpersonations(parts, store, call, { actorUserId: over.actorUserId });
      const own = await ownSession(store, over.actorSessionId, over.actorUserId, now);
      return { endedSessionId: over.id, own };
    }
    await endAndTell(store, call, { ids: [sessionId] }, 'logout', { reason: 'impersonation-stopped' });
    await endStored(store, sessionId, { endedAt: now, endReason: 'impersonation-stopped' });
    await parts.audit.record(store, call, {
      action: 'impersonation.stop',
      targetType: 'User',
      targetId: userId,
    });
    const own = actor.sessionId === null ? null : await ownSession(store, actor.sessionId, actor.userId, now);
    return { endedSessionId: sessionId, own };
  });
}

async function ownSession(store: Store, id: string, owner: string, now: Instant): Promise<SessionRow | null> {
  const [own] = await findSessions(store, [id], { reach: null, owner });
  return own !== undefined && statusAt(own, now) === 'ACTIVE' ? own : null;
}

/** Whether a secret opens this session. */
export function isOwnSecret(
  { store }: Pick<Call, 'store'>,
  sessionId: string,
  secretHash: string,
): Promise<boolean> {
  return isOpenedBy(store, sessionId, secretHash);
}

/** Who acts in the caller's session; null when the user does. */
export async function impersonationState({ principal, store }: Call): Promise<{
  readonly actorId: string;
  readonly userId: string;
  readonly reason: string;
  readonly startedAt: number;
} | null> {
  const { actor, sessionId, userId } = principal;
  if (actor === null || sessionId === null || userId === null) return null;
  const [session] = await findSessions(store, [sessionId], { reach: null, owner: userId });
  const { reason, startedAt } = (session?.actor ?? {}) as unknown as SessionActor;
  return { actorId: actor.userId, userId, reason, startedAt };
}
