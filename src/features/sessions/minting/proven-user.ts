import type { Device } from '#src/features/attack-protection/device-cookie';
import type { Instant } from '#src/shared/clock';
import type { CookieMode } from '#src/features/sessions/session-policy';

/** One proof of identity, as a session keeps it. */
export interface ProvenMethod {
  /** `pwd`, `otp`, `webauthn`, `recovery`, `federated`, `email_link`, … */
  readonly name: string;
  readonly timestamp: Instant;
  /** Name of the connection that checked it; null: the gateway itself. */
  readonly connection: string | null;
  /** It proves two factors by itself: a passkey with user verification, or a provider whose connection vouches for its second factor. */
  readonly isMultiFactor?: true;
  /** How the provider says that it proved who somebody is (`acr`, RFC 9470); absent: it does not say. */
  readonly providerAcr?: string;
  /** By which methods (`amr`, RFC 8176). */
  readonly providerAmr?: readonly string[];
  /** Id of the session at the provider that it came from, where signing out can end both. */
  readonly providerSession?: string;
  /** When the provider ends its session; the one here goes with it. */
  readonly endsBy?: Instant;
  /** Id of what waits to become an identity of the user, as soon as everything else is proved. */
  readonly link?: string;
}

/** Somebody who has proved to be a user. */
export interface ProvenUser {
  readonly userId: string;
  /** The user's credential epoch when the first proof was checked. */
  readonly credentialEpoch: number;
  /** At least one, the first one first. */
  readonly methods: readonly ProvenMethod[];
  /** The organization that the session is bound to. */
  readonly organizationId: string | null;
  /** The application through which the user came; null: none was named. */
  readonly clientId: string | null;
  /** Names of the steps elsewhere that were passed on the way; absent: none. */
  readonly passedSteps?: readonly string[];
  /** Whether the user has any confirmed method, where the transaction has read it with the locked row. */
  readonly hasMethods?: boolean;
}

/** The browser or program that signs in. */
export interface Browser {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly cookieMode: CookieMode;
  /** By which it is known again; null or absent: it keeps no cookies for us. */
  readonly device?: Device | null;
}

/** What a visitor had before signing in: the token that it brought, or the id of what that token was checked for. */
export type Visit = { readonly token: string } | { readonly id: string };

/** The same, with the session that it had so far. */
export interface SigningBrowser extends Browser {
  readonly sessionCookie: string | undefined;
  /** All cookies as it sent them; absent where none can be set either. */
  readonly cookies?: string | undefined;
  /** The anonymous session that the new one takes over; null or absent: none. */
  readonly visit?: Visit | null;
  /** The tokens that the application wants in place of a cookie; null or absent: a cookie. */
  readonly tokenUse?: TokenUse | null;
  /** Where the browser goes in the end when it has to leave in the middle; null: nowhere; absent: where the application says. */
  readonly returnUrl?: string | null;
  /** Nobody is there to be asked: what would need an answer is refused. */
  readonly isSilent?: boolean;
}

/** How long an application wants to act for the user. */
export type TokenUse =
  /** An access token alone. */
  | 'ACCESS'
  /** With a refresh token that lives and dies with the session. */
  | 'ONLINE'
  /** With a refresh token that outlives it. */
  | 'OFFLINE';

/** How strongly a user proved who they are (NIST SP 800-63B). */
export type AssuranceLevel = 'AAL1' | 'AAL2';

/** What a method rests on; two different ones make two factors. A mailbox is none: who reads mail may also reset the password. */
const factors: Readonly<Record<string, 'knowledge' | 'possession'>> = {
  pwd: 'knowledge',
  otp: 'possession',
  sms: 'possession',
  webauthn: 'possession',
  recovery: 'possession',
};

/** AAL2 for two different factors, or one method that is both; AAL1 otherwise. */
export function assuranceOf(methods: readonly ProvenMethod[]): AssuranceLevel {
  if (methods.some((method) => method.isMultiFactor === true)) return 'AAL2';
  // A provider's sign-in is one factor of unknown kind: a possession beside it is a second one, a password proves little more.
  const kinds = new Set(methods.map(({ name }) => (name === 'federated' ? 'knowledge' : factors[name])));
  return kinds.has('knowledge') && kinds.has('possession') ? 'AAL2' : 'AAL1';
}
