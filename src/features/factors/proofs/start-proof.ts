import type { Call } from '#src/access/call';
import { beginChallenge } from '#src/features/factors/challenges/challenges';
import { maskedAddress, type EnrollmentParts } from '#src/features/factors/enrollments/enrollment';
import { codeLifetimeMs } from '#src/features/factors/enrollments/one-time-codes';
import { mailCode, refuseMailFlood } from '#src/features/factors/enrollments/start-enrollment';
import { findMethods } from '#src/features/factors/methods/authentication-method.repository';
import { findPasskeysOf } from '#src/features/factors/passkeys/passkey.repository';
import type { UserRow } from '#src/features/users/user-row';
import type { Instant } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** A proof that needs something of the gateway first. */
export interface StartedProof {
  readonly type: 'PASSKEY' | 'EMAIL';
  /** Names it when the proof is given; told once. */
  readonly challenge: string;
  readonly expiresAt: Instant;
  /** PASSKEY: for `navigator.credentials.get`. */
  readonly options?: object;
  /** EMAIL: where the code went, masked. */
  readonly sentTo?: string;
}

const passkeyLifetimeMs = 5 * 60_000;

/** Inside the transaction of `store`; NOT_FOUND where the locked user has no confirmed method of the kind. */
export async function startProof(
  parts: EnrollmentParts,
  store: Store,
  call: Call,
  user: UserRow,
  { type, binding }: { readonly type: 'PASSKEY' | 'EMAIL'; readonly binding: string },
): Promise<StartedProof> {
  const [methods = []] = await findMethods(store, [user.id]);
  const method = methods.find((candidate) => candidate.type === type && candidate.isConfirmed);
  if (!method) throw commonErrors.NOT_FOUND({ message: 'There is no such authentication method.' });
  const challenge = { purpose: 'proof', userId: user.id, binding } as const;
  if (type === 'PASSKEY') {
    const nonce = call.ids.secret(32);
    const passkeys = await findPasskeysOf(store, user.id);
    const options = await parts.relyingParty.requestOptions(nonce, passkeys, 'preferred');
    const begun = await beginChallenge(parts.ring, store, call, {
      ...challenge,
      type,
      methodId: null,
      state: nonce,
      lifetimeMs: passkeyLifetimeMs,
    });
    return { type, challenge: begun.secret, expiresAt: begun.expiresAt, options };
  }
  if (user.email === null || user.emailVerified !== true)
    throw commonErrors.NOT_FOUND({ message: 'There is no such authentication method.' });
  await refuseMailFlood({ store, call, user });
  const begun = await beginChallenge(parts.ring, store, call, {
    ...challenge,
    type,
    methodId: method.id,
    state: await mailCode(parts, store, call, user.email),
    lifetimeMs: codeLifetimeMs,
  });
  return { type, challenge: begun.secret, expiresAt: begun.expiresAt, sentTo: maskedAddress(user.email) };
}
