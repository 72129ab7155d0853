import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import {
  attemptChallenge,
  endChallenge,
  type OpenChallenge,
} from '#src/features/factors/challenges/challenges';
import type { EnrollmentParts, VerifiedEnrollment } from '#src/features/factors/enrollments/enrollment';
import { isSameCode } from '#src/features/factors/enrollments/one-time-codes';
import type { StoredFactorType } from '#src/features/factors/factor-kind';
import {
  confirmMethod,
  deleteMethods,
  insertMethod,
  type MethodRow,
} from '#src/features/factors/methods/authentication-method.repository';
import { recordChange } from '#src/features/factors/methods/method-changes';
import { insertPasskey } from '#src/features/factors/passkeys/passkey.repository';
import { findTotpSecret, takeStep } from '#src/features/factors/totp/totp-secret.repository';
import { matchingStep } from '#src/features/factors/totp/totp';
import type { UserRow } from '#src/features/users/user-row';
import type { Store } from '#src/storage/store';

export interface EnrollmentAnswer {
  readonly type: StoredFactorType;
  readonly authSession: string;
  readonly binding: string;
  /** What the app shows or the mail says. */
  readonly otpCode?: string;
  /** What `navigator.credentials.create` answered. */
  readonly response?: unknown;
  readonly userAgent: string | null;
}

/**
 * Confirms an enrolment of a locked user, inside the transaction of `store`. Wrong answers are outcomes and no errors, so that they
 * are counted; the fifth ends the enrolment.
 */
export async function verifyEnrollment(
  parts: EnrollmentParts,
  store: Store,
  call: Call,
  user: UserRow,
  answer: EnrollmentAnswer,
): Promise<VerifiedEnrollment> {
  const { authSession, binding, type } = answer;
  const challenge = await attemptChallenge(parts.ring, store, call, {
    secret: authSession,
    purpose: 'enrollment',
    userId: user.id,
    binding,
  });
  if (challenge === null || challenge.type !== type) return { outcome: 'EXPIRED' };
  const methodId = await confirmed({ parts, store, call, user, challenge, answer });
  if (methodId === null) return wrong(store, challenge);
  await endChallenge(store, challenge);
  const method = { id: methodId, type, name: null };
  const methods = await recordChange(parts, store, call, { user, change: 'ADD', methods: [method] });
  if (type === 'RECOVERY_CODE') await voidOthers(store, methods, methodId);
  const found = methods.find(({ id }) => id === methodId);
  if (found === undefined) return { outcome: 'EXPIRED' };
  return { outcome: 'VERIFIED', method: found };
}

async function wrong(store: Store, challenge: OpenChallenge): Promise<VerifiedEnrollment> {
  if (challenge.attemptsLeft > 0) return { outcome: 'WRONG', attemptsLeft: challenge.attemptsLeft };
  await endChallenge(store, challenge);
  if (challenge.methodId !== null) await deleteMethods(store, [challenge.methodId]);
  return { outcome: 'WRONG', attemptsLeft: 0 };
}

interface Checking {
  readonly parts: EnrollmentParts;
  readonly store: Store;
  readonly call: Call;
  readonly user: UserRow;
  readonly challenge: OpenChallenge;
  readonly answer: EnrollmentAnswer;
}

/** Id of the method that the answer confirms, or null. */
async function confirmed(checking: Checking): Promise<string | null> {
  const { store, call, challenge, answer } = checking;
  if (answer.type === 'PASSKEY') return registered(checking);
  const { methodId, state } = challenge;
  if (methodId === null) return null;
  if (answer.type === 'TOTP' && !(await isRightTotp(checking, methodId))) return null;
  if (answer.type === 'EMAIL' && !isSameCode(state ?? '', answer.otpCode ?? '')) return null;
  return (await confirmMethod(store, methodId, call.clock.now())) ? methodId : null;
}

async function isRightTotp({ parts, store, call, answer }: Checking, methodId: string): Promise<boolean> {
  const secret = await findTotpSecret(store, methodId);
  if (secret === null) return false;
  const seed = openText(parts.ring(), methodId, secret.sealedSeed);
  const step = matchingStep(seed, answer.otpCode ?? '', call.clock.now(), secret.lastStep);
  return step !== null && takeStep(store, methodId, step);
}

async function registered({ parts, store, call, user, challenge, answer }: Checking): Promise<string | null> {
  const state = JSON.parse(challenge.state ?? '{}') as { challenge?: string; name?: string | null };
  const passkey = await parts.relyingParty.register(answer.response, state.challenge ?? '');
  if (passkey === null) return null;
  const id = call.ids.next('aum');
  const now = call.clock.now();
  await insertMethod(store, {
    id,
    userId: user.id,
    type: 'PASSKEY',
    name: state.name ?? null,
    isConfirmed: true,
    createdAt: now,
    confirmedAt: now,
    lastUsedAt: null,
  });
  const userAgent = answer.userAgent?.slice(0, 512) ?? null;
  if (await insertPasskey(store, { ...passkey, methodId: id, userAgent })) return id;
  // SECURITY: a credential of somebody else is refused like one that does not hold; whose it is stays unsaid.
  await deleteMethods(store, [id]);
  return null;
}

/** A new set voids the former ones. */
async function voidOthers(store: Store, methods: readonly MethodRow[], id: string): Promise<void> {
  const former = methods.filter((method) => method.type === 'RECOVERY_CODE' && method.id !== id);
  await deleteMethods(
    store,
    former.map((method) => method.id),
  );
}
