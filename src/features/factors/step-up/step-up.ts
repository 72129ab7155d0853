import type { Call } from '#src/access/call';
import { reachesAcr } from '#src/access/decide';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import { bindingOf } from '#src/features/factors/enrollments/enrollment';
import { strongFactorTypes } from '#src/features/factors/factor-kind';
import { proofNames } from '#src/features/sessions/sign-in/proof-names';
import { findMethods } from '#src/features/factors/methods/authentication-method.repository';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import type { ProofInput } from '#src/features/factors/proofs/proof';
import { provenMethod, type ProofParts, type ProofService } from '#src/features/factors/proofs/proof.service';
import { hasAnyOf } from '#src/features/factors/step-up/require-step-up';
import type { PasswordService } from '#src/features/passwords/password.service';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { SessionService } from '#src/features/sessions/session.service';
import { commonErrors } from '#src/shared/errors';
import { settleAttempt } from '#src/features/attack-protection/settle-attempt';

export interface StepUpParts extends ProofParts {
  readonly sessions: SessionService;
  readonly proofs: ProofService;
  readonly passwords: Pick<PasswordService, 'isPasswordOf'>;
}

export type StepUpProof = ProofInput & { readonly password?: string | null };

/** The session that a step-up raises; FORBIDDEN for a caller without one, and for somebody who acts in the name of the user. */
export function requireSession({ principal }: Pick<Call, 'principal'>): string {
  requireUndelegated({ principal });
  if (principal.sessionId === null)
    throw commonErrors.FORBIDDEN({ message: 'Only a session can be stepped up: sign in first.' });
  return principal.sessionId;
}

/** Checks one more proof of the signed-in user and raises the session by it. Answers the session's id. */
export async function stepUp(parts: StepUpParts, call: Call, proof: StepUpProof): Promise<string> {
  const sessionId = requireSession(call);
  const userId = requireUserId(call);
  const { password, emailCode } = proof;
  if (isGiven(password) || isGiven(emailCode)) await requireNoStronger(parts, call, userId);
  const method = !isGiven(password)
    ? provenMethod(await parts.proofs.take(call, { userId, binding: bindingOf(call) }, proof))
    : await passwordMethod(parts, call, userId, password);
  await call.store.transaction(async (store) => {
    await parts.sessions.addAuthenticationMethod(store, call, sessionId, method);
    await parts.audit.record(store, call, {
      action: 'session.step_up',
      targetType: 'Session',
      targetId: sessionId,
      details: { method: method.name },
    });
  });
  return sessionId;
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

/**
 * STEP_UP_REQUIRED for a user who has a factor that makes two beside a password, and in a session that rests on two: those of a provider,
 * perhaps, where one signs in anew. SECURITY: a session that was signed in by two factors long ago must not count as freshly so by a
 * password, or by a code from the mailbox: who has one of these has no second factor.
 */
export async function requireNoStronger(
  { config }: Pick<StepUpParts, 'config'>,
  { store, principal }: Pick<Call, 'store' | 'principal'>,
  userId: string,
): Promise<void> {
  const [methods = []] = await findMethods(store, [userId]);
  if (!hasAnyOf(methods, strongFactorTypes) && !reachesAcr(principal.acr, 'aal2')) return;
  throw commonErrors.STEP_UP_REQUIRED({
    message: 'Give a code of your authenticator app, your passkey or a recovery code, or sign in again.',
    extensions: { acrValues: 'aal2', maxAgeSeconds: config.stepUpSeconds },
  });
}

async function passwordMethod(
  parts: StepUpParts,
  call: Call,
  userId: string,
  password: string,
): Promise<Omit<ProvenMethod, 'timestamp'>> {
  const attempt = await parts.attackProtection.beginCode(call, userId);
  const { connection } = await call.store.transaction((store) =>
    parts.users.requireReachable(call, store, userId),
  );
  await settleAttempt(
    attempt,
    () => parts.passwords.isPasswordOf(call, userId, password),
    () => sessionErrors.INVALID_CREDENTIALS({ message: 'The password is wrong.' }),
  );
  return { name: proofNames.PASSWORD, connection };
}
