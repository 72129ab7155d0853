import type { Call } from '#src/access/call';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import { decideAuth } from '#src/access/decide';
import type { FactorsConfig } from '#src/config/factors';
import { strongFactorTypes } from '#src/features/factors/factor-kind';
import { findMethods, type MethodRow } from '#src/features/factors/methods/authentication-method.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** Whether one of these is confirmed and of one of the types. */
export function hasAnyOf(methods: readonly MethodRow[], types: readonly string[]): boolean {
  return methods.some(({ type, isConfirmed }) => isConfirmed && types.includes(type));
}

/**
 * For changes of credentials and of the account: two factors, the last of them proved recently; of a user who has no second factor a
 * recent sign-in. STEP_UP_REQUIRED with `acrValues` and `maxAgeSeconds` (RFC 9470); DELEGATED_SESSION_FORBIDDEN for somebody who acts in
 * the name of the user.
 */
export async function requireStepUp(
  { stepUpSeconds }: Pick<FactorsConfig, 'stepUpSeconds'>,
  store: Store,
  call: Call,
  userId: string,
): Promise<void> {
  requireUndelegated(call);
  requireRecent(call, (await hasSecondFactor(store, userId)) ? 'aal2' : null, stepUpSeconds);
}

/** The same of a user who has a second factor; nothing of anybody else, whom the caller asks for another proof. */
export async function requireSecondFactor(
  { stepUpSeconds }: Pick<FactorsConfig, 'stepUpSeconds'>,
  store: Store,
  call: Call,
  userId: string,
): Promise<void> {
  requireUndelegated(call);
  if (await hasSecondFactor(store, userId)) requireRecent(call, 'aal2', stepUpSeconds);
}

async function hasSecondFactor(store: Store, userId: string): Promise<boolean> {
  const [methods = []] = await findMethods(store, [userId]);
  return hasAnyOf(methods, strongFactorTypes);
}

function requireRecent(call: Call, acr: string | null, maxAgeSeconds: number): void {
  const rule = { ...(acr === null ? {} : { acr }), maxAge: maxAgeSeconds };
  if (decideAuth(call.principal, rule, undefined, call.clock.now()).decision === 'ALLOW') return;
  throw commonErrors.STEP_UP_REQUIRED({ extensions: { acrValues: acr, maxAgeSeconds } });
}
