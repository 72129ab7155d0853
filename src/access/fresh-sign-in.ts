import { accessErrors } from '#src/access/access.errors';
import type { Call } from '#src/access/call';
import { reachesAcr } from '#src/access/decide';
import { isDelegated } from '#src/access/principal';
import { commonErrors } from '#src/shared/errors';

export interface FreshSignIn {
  /** How old the proof of identity may be. */
  readonly maxAgeSeconds: number;
  /** The class that the sign-in must reach, such as `aal2`; null: any. */
  readonly acr?: string | null;
}

/** Refuses with DELEGATED_SESSION_FORBIDDEN while somebody else acts in the name of the user. */
export function requireUndelegated({ principal }: Pick<Call, 'principal'>): void {
  if (isDelegated(principal)) throw accessErrors.DELEGATED_SESSION_FORBIDDEN();
}

/**
 * For acts that a session left open on a desk must not allow: the user acts in person, signed in strongly enough and recently.
 * DELEGATED_SESSION_FORBIDDEN, STEP_UP_REQUIRED (too weak) or REAUTHENTICATION_REQUIRED (too old); the latter two with `acrValues` and
 * `maxAgeSeconds`. A caller without a sign-in, such as an operator's token, is too old.
 */
export function requireFreshSignIn(call: Pick<Call, 'principal' | 'clock'>, asked: FreshSignIn): void {
  requireUndelegated(call);
  const { maxAgeSeconds, acr = null } = asked;
  const extensions = { acrValues: acr, maxAgeSeconds };
  if (acr !== null && !reachesAcr(call.principal.acr, acr))
    throw commonErrors.STEP_UP_REQUIRED({ extensions });
  if (!isFreshSignIn(call, maxAgeSeconds)) throw accessErrors.REAUTHENTICATION_REQUIRED({ extensions });
}

function isFreshSignIn(
  { principal, clock }: Pick<Call, 'principal' | 'clock'>,
  maxAgeSeconds: number,
): boolean {
  const { authenticatedAt } = principal;
  return authenticatedAt !== null && clock.now() - authenticatedAt <= maxAgeSeconds * 1_000;
}
