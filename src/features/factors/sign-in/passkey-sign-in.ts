import type { Call } from '#src/access/call';
import { attemptChallenge, beginChallenge } from '#src/features/factors/challenges/challenges';
import { proofNames } from '#src/features/sessions/sign-in/proof-names';
import { touchMethod } from '#src/features/factors/methods/authentication-method.repository';
import { credentialIdOf } from '#src/features/factors/passkeys/relying-party';
import { findPasskey } from '#src/features/factors/passkeys/passkey.repository';
import { usePasskey } from '#src/features/factors/proofs/check-proof';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import type { MfaParts } from '#src/features/factors/sign-in/mfa.service';
import { readEpoch } from '#src/features/factors/devices/remembered-device.repository';
import type { ProvenUser, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import { suspendSignIn } from '#src/features/sessions/sign-in/pending-sign-in';
import type { Store } from '#src/storage/store';

const lifetimeMs = 5 * 60_000;

/** A challenge for whoever holds a passkey of this gateway: nobody is named, so nobody can be found out by it. */
export async function startPasskeySignIn(
  { ring, relyingParty }: MfaParts,
  call: Call,
): Promise<StartedProof> {
  const nonce = call.ids.secret(32);
  const options = await relyingParty.requestOptions(nonce, [], 'required');
  const { secret, expiresAt } = await call.store.transaction((store) =>
    beginChallenge(ring, store, call, {
      purpose: 'passkey-sign-in',
      type: 'PASSKEY',
      userId: null,
      methodId: null,
      binding: null,
      state: nonce,
      lifetimeMs,
    }),
  );
  return { type: 'PASSKEY', challenge: secret, expiresAt, options };
}

export interface PasskeySignIn {
  readonly challenge: string;
  readonly response: unknown;
  readonly organizationId: string | null;
  readonly clientId: string | null;
}

/**
 * Signs in by a passkey that has verified its owner, which is two factors at once (NIST SP 800-63B). INVALID_CREDENTIALS for
 * everything that does not hold, whatever it was.
 */
export async function signInWithPasskey(
  parts: MfaParts,
  call: Call,
  request: PasskeySignIn,
  browser: SigningBrowser,
): Promise<SignedInOutcome> {
  const proven = await call.store.transaction((store) => proveByPasskey(parts, store, call, request));
  if (proven === null)
    throw sessionErrors.INVALID_CREDENTIALS({ message: 'This passkey does not open an account.' });
  const token = await call.store.transaction(async (store) => {
    for (const hook of parts.sessions.hooks.afterFirstFactor) {
      // Only what is about the account stops here: what is about passwords has nothing to do with a passkey.
      if ((await hook(store, call, proven))?.kind === 'email-verification') return null;
    }
    const { cookieMode } = browser;
    const pending = await suspendSignIn(store, call, { kind: 'mfa', user: proven, factors: [], cookieMode });
    return pending.token;
  });
  if (token === null) return { kind: 'EMAIL_VERIFICATION_REQUIRED' };
  return parts.sessions.completeSignIn(call, token, null, browser);
}

async function proveByPasskey(
  parts: MfaParts,
  store: Store,
  call: Call,
  { challenge: secret, response, organizationId, clientId }: PasskeySignIn,
): Promise<ProvenUser | null> {
  const challenge = await attemptChallenge(parts.ring, store, call, {
    secret,
    purpose: 'passkey-sign-in',
    userId: null,
    binding: null,
  });
  if (challenge === null) return null;
  const passkey = await findPasskey(store, credentialIdOf(response) ?? '');
  if (passkey === null || !parts.relyingParty.isOwnedBy(response, passkey.userId)) return null;
  const use = { challenge, passkey, response, verification: 'required' } as const;
  const proved = await usePasskey(parts, store, call, use);
  if (proved?.isUserVerified !== true) return null;
  const user = await parts.users.lockReachable(call, store, passkey.userId);
  if (user === null) return null;
  await touchMethod(store, passkey.methodId, call.clock.now());
  const method = {
    name: proofNames.PASSKEY,
    timestamp: call.clock.now(),
    connection: user.connection,
    isMultiFactor: true as const,
  };
  const credentialEpoch = await readEpoch(store, user.id);
  return { userId: user.id, credentialEpoch, methods: [method], organizationId, clientId };
}
