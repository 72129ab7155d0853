import { createHash } from 'node:crypto';
import type { PasskeyRow } from './passkey.repository';

/** One in twelve modules of the program belong to this library: it is loaded with the first passkey, not at the start. */
const webAuthn = () => import('@simplewebauthn/server');

type WebAuthn = Awaited<ReturnType<typeof webAuthn>>;
type RegistrationResponse = Parameters<WebAuthn['verifyRegistrationResponse']>[0]['response'];
type AuthenticationResponse = Parameters<WebAuthn['verifyAuthenticationResponse']>[0]['response'];
type Transports = NonNullable<Parameters<WebAuthn['generateRegistrationOptions']>[0]['excludeCredentials']>;

export interface RelyingPartySettings {
  /** The RP id is its host name. Changing it strands every passkey. */
  readonly issuer: string;
  readonly name: string;
  /** Pages that may use passkeys of this gateway; browsers let only those of the host and its sub-domains do so. */
  readonly origins: { has(origin: string): boolean };
}

/** How far the person must prove to be the owner of the authenticator, by a PIN or a finger. */
export type Verification = 'required' | 'preferred';

export interface NewPasskeyUser {
  readonly id: string;
  /** Shown in the dialog of the browser. */
  readonly name: string;
}

export type RegisteredPasskey = Omit<PasskeyRow, 'methodId' | 'userAgent'>;

export interface UsedPasskey {
  readonly counter: number;
  readonly isBackedUp: boolean;
  readonly isUserVerified: boolean;
  /** The counter went back, or stood still, where it had counted: the key may have been copied. */
  readonly isCounterWrong: boolean;
}

/** Longest members of an answer, in characters; attestation is not asked for, so an answer is short. */
const limits: Readonly<Record<string, number>> = {
  id: 1_364,
  rawId: 1_364,
  clientDataJSON: 1_000,
  attestationObject: 2_000,
  authenticatorData: 1_000,
  signature: 1_000,
  userHandle: 100,
};

const challengeMs = 300_000;

/**
 * EdDSA, ES256 and RS256, by their COSE numbers. Left to itself the library offers ML-DSA first where Node has it as an experiment: passkeys of
 * one node would be none on another, and their answers are longer than the limits above.
 */
const algorithms = [-8, -7, -257];

/** Checks registrations and uses of passkeys, after WebAuthn level 3. Reads and writes no table. */
export class RelyingParty {
  private readonly rpId: string;

  constructor(private readonly settings: RelyingPartySettings) {
    this.rpId = new URL(settings.issuer).hostname;
  }

  /** What `navigator.credentials.create` takes, as JSON. */
  async registrationOptions(
    user: NewPasskeyUser,
    challenge: string,
    known: readonly PasskeyRow[],
  ): Promise<object> {
    const { generateRegistrationOptions } = await webAuthn();
    return generateRegistrationOptions({
      rpName: this.settings.name,
      rpID: this.rpId,
      userName: user.name,
      userDisplayName: user.name,
      userID: new Uint8Array(handleOf(user.id)),
      challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
      timeout: challengeMs,
      attestationType: 'none',
      supportedAlgorithmIDs: algorithms,
      excludeCredentials: known.map(descriptor),
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    });
  }

  /** What `navigator.credentials.get` takes, as JSON; without passkeys the browser offers those that it knows. */
  async requestOptions(
    challenge: string,
    known: readonly PasskeyRow[],
    verification: Verification,
  ): Promise<object> {
    const { generateAuthenticationOptions } = await webAuthn();
    return generateAuthenticationOptions({
      rpID: this.rpId,
      challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
      timeout: challengeMs,
      userVerification: verification,
      ...(known.length === 0 ? {} : { allowCredentials: known.map(descriptor) }),
    });
  }

  /** The passkey that was made for this challenge, or null when the answer does not hold. */
  async register(response: unknown, challenge: string): Promise<RegisteredPasskey | null> {
    const origin = this.originOf(response);
    if (origin === null) return null;
    const { verifyRegistrationResponse } = await webAuthn();
    try {
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: response as RegistrationResponse,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: this.rpId,
        supportedAlgorithmIDs: algorithms,
        requireUserVerification: false,
      });
      if (!verified) return null;
      const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo;
      return {
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: (credential.transports ?? []).slice(0, 10),
        deviceType: credentialDeviceType,
        isBackedUp: credentialBackedUp,
        aaguid,
      };
    } catch {
      // The library throws for an answer that breaks a rule; whoever made it up learns nothing of which.
      return null;
    }
  }

  /** What a use of the passkey proves, or null when the answer does not hold. */
  async use(
    response: unknown,
    challenge: string,
    passkey: PasskeyRow,
    verification: Verification,
  ): Promise<UsedPasskey | null> {
    const origin = this.originOf(response);
    if (origin === null) return null;
    const { verifyAuthenticationResponse } = await webAuthn();
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: response as AuthenticationResponse,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: this.rpId,
        requireUserVerification: verification === 'required',
        credential: {
          id: passkey.credentialId,
          publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
          // The library refuses a counter that went back by an error like any other; here it is told apart, for the record.
          counter: 0,
        },
      });
      if (!verified) return null;
      const { newCounter, credentialBackedUp, userVerified } = authenticationInfo;
      return {
        counter: newCounter,
        isBackedUp: credentialBackedUp,
        isUserVerified: userVerified,
        isCounterWrong: passkey.counter > 0 && newCounter <= passkey.counter,
      };
    } catch {
      return null;
    }
  }

  /** Whose passkey the authenticator says it is; null when it says nothing. */
  isOwnedBy(response: unknown, userId: string): boolean {
    const handle = member(member(response, 'response'), 'userHandle');
    return typeof handle === 'string' && Buffer.from(handle, 'base64url').equals(handleOf(userId));
  }

  /** The page that the browser says it showed, when its passkeys are ours; null for an answer that is none. */
  private originOf(response: unknown): string | null {
    if (!isWithinLimits(response)) return null;
    try {
      const text = member(member(response, 'response'), 'clientDataJSON');
      const client: unknown = JSON.parse(Buffer.from(String(text), 'base64url').toString('utf8'));
      const origin = member(client, 'origin');
      return typeof origin === 'string' && this.settings.origins.has(origin) ? origin : null;
    } catch {
      return null;
    }
  }
}

/** Id of the credential that an answer names, or null. */
export function credentialIdOf(response: unknown): string | null {
  const id = member(response, 'id');
  return typeof id === 'string' && id.length <= (limits['id'] as number) && /^[\w-]+$/.test(id) ? id : null;
}

/** SECURITY: the user handle lies on the authenticator for everybody who holds it, so it tells nothing about the user. */
function handleOf(userId: string): Buffer {
  return createHash('sha256').update(`passkey user ${userId}`).digest();
}

function descriptor({ credentialId, transports }: PasskeyRow): Transports[number] {
  return { id: credentialId, transports: [...transports] };
}

function isWithinLimits(response: unknown): boolean {
  const parts = [response, member(response, 'response')];
  return parts.every(
    (part) =>
      part !== null &&
      typeof part === 'object' &&
      Object.entries(limits).every(([key, longest]) => {
        const value = member(part, key);
        return (
          value === undefined || value === null || (typeof value === 'string' && value.length <= longest)
        );
      }),
  );
}

function member(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined;
}
