import type { Instant } from '#src/shared/clock';

export type InvitationState = 'PENDING' | 'ACCEPTED' | 'EXPIRED' | 'REVOKED';

/** How an invitation stands at an instant: one that has run out may not be marked yet. */
export function statusAt(
  { status, expiresAt }: { readonly status: string; readonly expiresAt: Instant },
  now: Instant,
): InvitationState {
  return status === 'PENDING' && expiresAt <= now ? 'EXPIRED' : (status as InvitationState);
}
