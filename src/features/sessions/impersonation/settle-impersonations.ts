import type { SessionsConfig } from '#src/config/sessions';
import type { AuditService } from '#src/features/audit/audit.service';
import { endAndTell, type EndingCall } from '#src/features/sessions/endings/end-and-tell';
import type { EndingEvent } from '#src/features/sessions/endings/ending-table';
import { statusAt, type EndReason } from '#src/features/sessions/session-status';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { actorStanding } from './actor-standing';
import { endStored, findOpen, type OpenImpersonation, type WhichOpen } from './impersonation.repository';

const most = 500;

export interface SettleParts {
  readonly audit: AuditService;
  readonly config: SessionsConfig;
}

/**
 * Ends impersonations that no longer stand, and records of each once how it ended: `impersonation.expire` after its hour,
 * `impersonation.end` otherwise. Inside a transaction; answers how many ended. They are refused at each request anyway: this keeps the
 * record, and makes room for the next one.
 */
export async function settleImpersonations(
  parts: SettleParts,
  store: Store,
  call: EndingCall,
  which: WhichOpen = {},
): Promise<number> {
  let settled = 0;
  for (const open of await findOpen(store, which, most)) {
    const end = await endOf(parts.config, store, call.clock.now(), open);
    if (end !== null && (await endOpen(parts, store, call, open, end))) settled += 1;
  }
  return settled;
}

export interface ImpersonationEnd {
  readonly at: Instant;
  readonly reason: EndReason;
  /** What ends the session; null: it has ended. */
  readonly event: EndingEvent | null;
}

/** Ends one and its session, and records it; false when somebody else was faster. */
export async function endOpen(
  { audit }: Pick<SettleParts, 'audit'>,
  store: Store,
  call: EndingCall,
  { id, delegatedId, actorUserId, userId }: OpenImpersonation,
  { at, reason, event }: ImpersonationEnd,
): Promise<boolean> {
  if (!(await endStored(store, delegatedId, { endedAt: at, endReason: reason }))) return false;
  if (event !== null) await endAndTell(store, call, { ids: [delegatedId] }, event, { reason });
  await audit.record(store, call, {
    action: reason === 'session-expired' ? 'impersonation.expire' : 'impersonation.end',
    targetType: 'User',
    targetId: userId,
    details: { impersonationId: id, actorId: actorUserId, sessionId: delegatedId, reason },
  });
  return true;
}

/** How it ended; null: it stands. */
async function endOf(
  config: SessionsConfig,
  store: Store,
  now: Instant,
  open: OpenImpersonation,
): Promise<ImpersonationEnd | null> {
  const { status, idleExpiresAt, expiresAt } = open;
  if (status === null || idleExpiresAt === null || expiresAt === null)
    return { at: now, reason: 'session-expired', event: null };
  if (status !== 'ACTIVE')
    return {
      at: open.sessionEndedAt ?? now,
      reason: (open.sessionEndReason ?? 'session-expired') as EndReason,
      event: null,
    };
  if (statusAt({ status, idleExpiresAt, expiresAt }, now) !== 'ACTIVE')
    return { at: Math.min(idleExpiresAt, expiresAt), reason: 'session-expired', event: 'session-expired' };
  const actor = { userId: open.actorUserId, sessionId: open.actorSessionId };
  const stands = (await actorStanding(config, store, now, actor)) !== null;
  return stands ? null : { at: now, reason: 'impersonation-lapsed', event: 'session-revoked' };
}
