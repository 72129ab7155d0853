import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import {
  attemptChallenge,
  endChallenge,
  type OpenChallenge,
} from '#src/features/factors/challenges/challenges';
import type { EnrollmentParts } from '#src/features/factors/enrollments/enrollment';
import { isSameCode } from '#src/features/factors/enrollments/one-time-codes';
import { touchMethod } from '#src/features/factors/methods/authentication-method.repository';
import { recordChange } from '#src/features/factors/methods/method-changes';
import {
  findPasskey,
  savePasskeyUse,
  type OwnedPasskey,
} from '#src/features/factors/passkeys/passkey.repository';
import { credentialIdOf, type Verification } from '#src/features/factors/passkeys/relying-party';
import type { ProofInput, Proved } from '#src/features/factors/proofs/proof';
import {
  findCodes,
  useCode,
  type RecoveryCodeRow,
} from '#src/features/factors/recovery-codes/recovery-code.repository';
import { hashLike, normalizedCode } from '#src/features/factors/recovery-codes/recovery-codes';
import { findTotpSecrets, takeStep } from '#src/features/factors/totp/totp-secret.repository';
import { matchingStep } from '#src/features/factors/totp/totp';
import type { UserRow } from '#src/features/users/user-row';
import type { Store } from '#src/storage/store';

/** A proof as far as it could be looked at before the transaction. */
export interface PreparedProof {
  readonly input: ProofInput;
  readonly recoveryCode: RecoveryCodeRow | null;
}

/** Does the slow part, hashing a recovery code, before the transaction. */
export async function prepareProof(
  { hashing }: Pick<EnrollmentParts, 'hashing'>,
  store: Store,
  userId: string,
  input: ProofInput,
): Promise<PreparedProof> {
  const code = normalizedCode(input.recoveryCode ?? '');
  if (code === null) return { input, recoveryCode: null };
  const codes = await findCodes(store, userId);
  const [sample] = codes;
  if (!sample) return { input, recoveryCode: null };
  const hash = await hashLike(hashing, sample.codeHash, code);
  return { input, recoveryCode: codes.find(({ codeHash }) => codeHash === hash) ?? null };
}

export interface ProofPlace {
  readonly user: UserRow;
  /** The session or the sign-in that the proof is for. */
  readonly binding: string;
}

/** What a proof of a locked user proves, used up inside the transaction of `store`; null when it does not hold. */
export async function takeProof(
  parts: EnrollmentParts,
  store: Store,
  call: Call,
  place: ProofPlace,
  { input, recoveryCode }: PreparedProof,
): Promise<Proved | null> {
  const context = { parts, store, call, ...place };
  const proved = await proofOf(context, input, recoveryCode);
  if (proved !== null) await touchMethod(store, proved.methodId, call.clock.now());
  return proved;
}

interface Context extends ProofPlace {
  readonly parts: EnrollmentParts;
  readonly store: Store;
  readonly call: Call;
}

async function proofOf(
  context: Context,
  { otpCode, emailCode, passkey }: ProofInput,
  recoveryCode: RecoveryCodeRow | null,
): Promise<Proved | null> {
  if (otpCode !== null && otpCode !== undefined) return totpProof(context, otpCode);
  if (emailCode !== null && emailCode !== undefined) return emailProof(context, emailCode);
  if (passkey !== null && passkey !== undefined) return passkeyProof(context, passkey);
  return recoveryCode === null ? null : recoveryProof(context, recoveryCode);
}

async function totpProof({ parts, store, call, user }: Context, code: string): Promise<Proved | null> {
  for (const { methodId, sealedSeed, lastStep } of await findTotpSecrets(store, user.id)) {
    const seed = openText(parts.ring(), methodId, sealedSeed);
    const step = matchingStep(seed, code, call.clock.now(), lastStep);
    if (step !== null && (await takeStep(store, methodId, step)))
      return { type: 'TOTP', methodId, isUserVerified: false };
  }
  return null;
}

async function recoveryProof(context: Context, code: RecoveryCodeRow): Promise<Proved | null> {
  const { parts, store, call, user } = context;
  if (!(await useCode(store, code, call.clock.now()))) return null;
  const method = { id: code.methodId, type: 'RECOVERY_CODE', name: null };
  await recordChange(parts, store, call, { user, change: 'USE', methods: [method] });
  return { type: 'RECOVERY_CODE', methodId: code.methodId, isUserVerified: false };
}

function openedBy(
  { parts, store, call, user, binding }: Context,
  secret: string,
): Promise<OpenChallenge | null> {
  return attemptChallenge(parts.ring, store, call, { secret, purpose: 'proof', userId: user.id, binding });
}

async function emailProof(
  context: Context,
  { challenge: secret, code }: NonNullable<ProofInput['emailCode']>,
): Promise<Proved | null> {
  const challenge = await openedBy(context, secret);
  if (challenge?.type !== 'EMAIL' || challenge.methodId === null) return null;
  if (!isSameCode(challenge.state ?? '', code)) return null;
  if (!(await endChallenge(context.store, challenge))) return null;
  return { type: 'EMAIL', methodId: challenge.methodId, isUserVerified: false };
}

async function passkeyProof(
  context: Context,
  { challenge: secret, response }: NonNullable<ProofInput['passkey']>,
): Promise<Proved | null> {
  const { parts, store, call, user } = context;
  const challenge = await openedBy(context, secret);
  if (challenge?.type !== 'PASSKEY') return null;
  const passkey = await findPasskey(store, credentialIdOf(response) ?? '');
  if (passkey?.userId !== user.id) return null;
  return usePasskey(parts, store, call, { challenge, passkey, response, verification: 'preferred' });
}

export interface PasskeyUse {
  readonly challenge: OpenChallenge;
  readonly passkey: OwnedPasskey;
  readonly response: unknown;
  readonly verification: Verification;
}

/** Checks an answer to a challenge, which is over afterwards whether the answer holds or not. */
export async function usePasskey(
  { relyingParty, audit }: EnrollmentParts,
  store: Store,
  call: Call,
  { challenge, passkey, response, verification }: PasskeyUse,
): Promise<Proved | null> {
  if (!(await endChallenge(store, challenge))) return null;
  const used = await relyingParty.use(response, challenge.state ?? '', passkey, verification);
  if (used === null) return null;
  if (used.isCounterWrong) {
    // SECURITY: a copied key; the copy and the original cannot be told apart, so neither is let in.
    await audit.record(store, call, {
      action: 'authentication_method.counter_regressed',
      targetType: 'User',
      targetId: passkey.userId,
      result: 'denied',
      details: { methodId: passkey.methodId },
    });
    return null;
  }
  const { counter, isBackedUp, isUserVerified } = used;
  if (!(await savePasskeyUse(store, passkey, { counter, isBackedUp }))) return null;
  return { type: 'PASSKEY', methodId: passkey.methodId, isUserVerified };
}
