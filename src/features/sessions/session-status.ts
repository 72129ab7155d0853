import type { Instant } from '#src/shared/clock';

export type SessionStatus = 'ACTIVE' | 'EXPIRED' | 'ENDED' | 'REVOKED';

/** Why a session ended. */
export type EndReason =
  | 'logout'
  | 'replaced'
  | 'limit'
  | 'session-expired'
  | 'session-revoked'
  | 'blocked'
  | 'security'
  | 'organization-deleted'
  | 'impersonation-stopped'
  | 'impersonation-lapsed';

interface StoredStatus {
  readonly status: string;
  readonly idleExpiresAt: Instant;
  readonly expiresAt: Instant;
}

/** Where a session stands at this moment: one past its limits is expired although no sweep has marked it yet. */
export function statusAt({ status, idleExpiresAt, expiresAt }: StoredStatus, now: Instant): SessionStatus {
  const isOver = idleExpiresAt <= now || expiresAt <= now;
  return status === 'ACTIVE' && isOver ? 'EXPIRED' : (status as SessionStatus);
}
