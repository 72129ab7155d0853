import type { Call } from '#src/access/call';
import { decide } from '#src/access/decide';
import { sealText } from '#src/config/seal-text';
import { beginChallenge, type NewChallenge } from '#src/features/factors/challenges/challenges';
import { countChallenges } from '#src/features/factors/challenges/factor-challenge.repository';
import {
  maskedAddress,
  type EnrollmentParts,
  type StartedEnrollment,
} from '#src/features/factors/enrollments/enrollment';
import { codeLifetimeMs, newOneTimeCode } from '#src/features/factors/enrollments/one-time-codes';
import type { StoredFactorType } from '#src/features/factors/factor-kind';
import {
  deleteMethods,
  findMethods,
  insertMethod,
} from '#src/features/factors/methods/authentication-method.repository';
import { findPasskeysOf } from '#src/features/factors/passkeys/passkey.repository';
import { hashCodes, newCodes } from '#src/features/factors/recovery-codes/recovery-codes';
import { insertCodes } from '#src/features/factors/recovery-codes/recovery-code.repository';
import { insertTotpSecret } from '#src/features/factors/totp/totp-secret.repository';
import { newSeed, qrCode, totpUri } from '#src/features/factors/totp/totp';
import { oneTimeCode } from '#src/features/mail/templates/one-time-code';
import { badInput, checkedOptionalText } from '#src/features/roles/checked-text';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { UserRow } from '#src/features/users/user-row';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface EnrollmentRequest {
  readonly type: StoredFactorType;
  /** How the user calls it. */
  readonly name: string | null;
  /** What alone may verify it: a session, or a sign-in under way. */
  readonly binding: string;
  /** For RECOVERY_CODE; see `prepareCodes`. */
  readonly codes: PreparedCodes | null;
}

export interface PreparedCodes {
  readonly codes: readonly string[];
  readonly hashes: readonly string[];
}

/** A new set of recovery codes with its hashes. Slow: belongs before the transaction. */
export async function prepareCodes(
  { hashing }: Pick<EnrollmentParts, 'hashing'>,
  call: Call,
): Promise<PreparedCodes> {
  const codes = newCodes(call.ids);
  return { codes, hashes: await hashCodes(hashing, call.ids, codes) };
}

/** Most methods of one kind. */
export const mostMethods = 20;
const longestName = 100;
const passkeyLifetimeMs = 5 * 60_000;
const lifetimeMs = 10 * 60_000;
const mostMails = 5;

/**
 * Begins an enrolment for a locked user, inside the transaction of `store`; whoever calls has checked that the caller may. An earlier
 * one of the same kind that was not verified is over.
 */
export async function startEnrollment(
  parts: EnrollmentParts,
  store: Store,
  call: Call,
  user: UserRow,
  { type, name, binding, codes }: EnrollmentRequest,
): Promise<StartedEnrollment> {
  const [methods = []] = await findMethods(store, [user.id]);
  const same = methods.filter((method) => method.type === type);
  const confirmed = same.filter((method) => method.isConfirmed).length;
  refuseAbove(mostMethods, confirmed + 1, `A user has at most ${mostMethods} methods of one kind.`, 'type');
  await deleteMethods(
    store,
    same.filter((method) => !method.isConfirmed).map((method) => method.id),
  );
  const label = checkedOptionalText('name', name, longestName);
  return starters[type]({ parts, store, call, user, binding, codes, name: label });
}

interface Context {
  readonly parts: EnrollmentParts;
  readonly store: Store;
  readonly call: Call;
  readonly user: UserRow;
  readonly binding: string;
  readonly name: string | null;
  readonly codes: PreparedCodes | null;
}

const starters: Readonly<Record<StoredFactorType, (context: Context) => Promise<StartedEnrollment>>> = {
  TOTP: startTotp,
  PASSKEY: startPasskey,
  EMAIL: startEmail,
  RECOVERY_CODE: startRecoveryCodes,
};

async function newMethod({ store, call, user, name }: Context, type: StoredFactorType): Promise<string> {
  const id = call.ids.next('aum');
  await insertMethod(store, {
    id,
    userId: user.id,
    type,
    name,
    isConfirmed: false,
    createdAt: call.clock.now(),
    confirmedAt: null,
    lastUsedAt: null,
  });
  return id;
}

async function begin(
  { parts, store, call, user, binding }: Context,
  challenge: Pick<NewChallenge, 'methodId' | 'state'> & { readonly type: StoredFactorType },
): Promise<Pick<StartedEnrollment, 'type' | 'authSession' | 'expiresAt' | 'methodId'>> {
  const { type, methodId } = challenge;
  const { secret, expiresAt } = await beginChallenge(parts.ring, store, call, {
    ...challenge,
    purpose: 'enrollment',
    userId: user.id,
    binding,
    lifetimeMs: type === 'PASSKEY' ? passkeyLifetimeMs : lifetimeMs,
  });
  return { type, authSession: secret, expiresAt, methodId };
}

async function startTotp(context: Context): Promise<StartedEnrollment> {
  const { parts, store, call } = context;
  const methodId = await newMethod(context, 'TOTP');
  const seed = newSeed(call.ids);
  await insertTotpSecret(store, {
    methodId,
    sealedSeed: sealText(parts.ring(), methodId, seed),
    lastStep: null,
  });
  const uri = totpUri(seed, { issuer: parts.config.serviceName, account: await accountName(context) });
  const begun = await begin(context, { type: 'TOTP', methodId, state: null });
  return { ...begun, uri, qrCode: qrCode(uri), manualInputCode: seed };
}

async function startPasskey(context: Context): Promise<StartedEnrollment> {
  const { parts, store, call, user, name } = context;
  const challenge = call.ids.secret(32);
  const known = await findPasskeysOf(store, user.id);
  const options = await parts.relyingParty.registrationOptions(
    { id: user.id, name: await accountName(context) },
    challenge,
    known,
  );
  const state = JSON.stringify({ challenge, name });
  return { ...(await begin(context, { type: 'PASSKEY', methodId: null, state })), options };
}

async function startEmail(context: Context): Promise<StartedEnrollment> {
  const { user } = context;
  const address = user.emailVerified === true ? user.email : null;
  if (address === null) throw badInput('email', 'Codes go to a verified e-mail address, and there is none.');
  await refuseMailFlood(context);
  const methodId = await newMethod(context, 'EMAIL');
  const code = await mailCode(context.parts, context.store, context.call, address);
  return {
    ...(await begin(context, { type: 'EMAIL', methodId, state: code })),
    sentTo: maskedAddress(address),
  };
}

/** Sends a new code; answers it. */
export async function mailCode(
  { mail }: Pick<EnrollmentParts, 'mail'>,
  store: Store,
  call: Call,
  address: string,
): Promise<string> {
  const code = newOneTimeCode(call.ids);
  await mail.send(store, call, {
    to: address,
    template: oneTimeCode,
    variables: { code, minutes: codeLifetimeMs / 60_000 },
    expiresAt: call.clock.now() + codeLifetimeMs,
  });
  return code;
}

/** SECURITY: whoever knows a password must not fill the mailbox of its owner. */
export async function refuseMailFlood({
  store,
  call,
  user,
}: Pick<Context, 'store' | 'call' | 'user'>): Promise<void> {
  const since = call.clock.now() - codeLifetimeMs;
  if ((await countChallenges(store, { userId: user.id, type: 'EMAIL', since })) < mostMails) return;
  throw commonErrors.RATE_LIMITED({
    message: 'Too many codes were sent. Wait before asking for another.',
    extensions: { retryAfter: codeLifetimeMs / 1_000 },
  });
}

async function startRecoveryCodes(context: Context): Promise<StartedEnrollment> {
  const { store, codes } = context;
  if (codes === null) throw new TypeError('Recovery codes are prepared before the transaction.');
  const methodId = await newMethod(context, 'RECOVERY_CODE');
  await insertCodes(store, methodId, codes.hashes);
  const begun = await begin(context, { type: 'RECOVERY_CODE', methodId, state: null });
  return { ...begun, codes: codes.codes };
}

/** What a device calls the account: an identifier that its owner may read. */
async function accountName({ store, call, user }: Context): Promise<string> {
  const facts = await objectFactsOf(call, store, user.id);
  const shown = (path: string, value: string | null): string | null =>
    value !== null && decide(call, 'READ', path, facts) === 'ALLOW' ? value : null;
  return (
    shown('email', user.email) ??
    shown('username', user.username) ??
    shown('phone_number', user.phoneNumber) ??
    user.id
  );
}
