import type { Call } from '#src/access/call';
import type { ProvenMethod, ProvenUser, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';

/** What stands between a first factor and a session. */
export type Challenge =
  /** A second factor; `factors` names what the user has, such as `otp` or `webauthn`. */
  | { readonly kind: 'mfa'; readonly factors: readonly string[] }
  /** The e-mail address must be verified first; whoever answers this has sent the mail. */
  | { readonly kind: 'email-verification' }
  /** The password must be changed first; `reason` is for the person's page: `breached`, `expired`, … */
  | { readonly kind: 'password-change'; readonly reason: string }
  /** A page elsewhere must be visited first; `step` names it. */
  | { readonly kind: 'redirect'; readonly step: string };

/** A sign-in that waits for a page elsewhere. */
export interface Suspended {
  /** For `passStep`; it never leaves the gateway. */
  readonly token: string;
  readonly step: string;
  readonly user: ProvenUser;
  readonly expiresAt: Instant;
}

/** Where the browser of such a sign-in goes. */
export interface Departure {
  readonly kind: 'REDIRECT_REQUIRED';
  readonly url: string;
  /** The `Set-Cookie` headers; by one of them the browser is known again. */
  readonly setCookies: readonly string[];
  readonly expiresAt: Instant;
}

export interface UnknownUser {
  readonly connection: string;
  /** As it was typed; at most 320 characters. */
  readonly identifier: string;
  readonly password: string;
  /** A user of this identifier who has no password here that counts; null: nobody has the identifier. */
  readonly userId: string | null;
  /** The organization that the sign-in is for; absent: none. */
  readonly organizationId?: string | null;
}

/** Somewhere else than here where passwords of a connection are checked: a directory. */
export interface PasswordSource {
  /** Whether it checks the passwords of connections of this strategy. */
  serves(strategy: string): boolean;
  /**
   * The id of the user here whose password is right, or null. Runs outside of any transaction; what it throws, such as an outage, is
   * answered and does not count as a wrong guess.
   */
  check(
    call: Call,
    asked: {
      readonly connection: string;
      readonly identifier: string;
      readonly password: string;
      /** The application that the sign-in is for. */
      readonly applicationId: string | null;
    },
  ): Promise<string | null>;
}

/** Where features that come later take part in signing in; each list is asked in order until one answers. */
export interface SignInHooks {
  /**
   * The first factor was proved and the user may sign in. Runs inside the transaction, with the user locked. A challenge ends the
   * sign-in without a session; what was proved is remembered for ten minutes under a one-time token.
   */
  readonly afterFirstFactor: ((store: Store, call: Call, proven: ProvenUser) => Promise<Challenge | null>)[];
  /**
   * No password here decides. Answers the id of a user whom another source has vouched for and who exists now, or null. Runs outside of
   * any transaction; what it throws, such as an outage, is answered and does not count as a wrong guess.
   */
  readonly unknownUser: ((call: Call, asked: UnknownUser) => Promise<string | null>)[];
  /**
   * Whether one of `unknownUser` may know people of a connection. SECURITY: asked for every wrong password, whoever is known here, so that the time
   * of the answer does not tell who is. Without any, all may be known elsewhere.
   */
  readonly knownElsewhere: ((call: Call, connection: string) => Promise<boolean>)[];
  /** Sends browsers to the page that a challenge `redirect` names. At most one: whoever answers such challenges. */
  readonly departures: ((
    call: Call,
    suspended: Suspended,
    browser: Pick<SigningBrowser, 'ip' | 'returnUrl'>,
  ) => Promise<Departure>)[];
  /** Asked instead of the passwords here, for connections whose strategy one of them serves. */
  readonly passwordSources: PasswordSource[];
  /**
   * Somebody signs out and wants to leave the identity provider as well. Answers where the browser goes for that, which ends at `returnUrl`;
   * null: no provider of these proofs has such a page. What it throws is recorded and keeps nobody signed in.
   */
  readonly federatedSignOut: ((
    call: Call,
    methods: readonly ProvenMethod[],
    returnUrl: string | null,
  ) => Promise<string | null>)[];
}

export function createSignInHooks(): SignInHooks {
  return {
    afterFirstFactor: [],
    unknownUser: [],
    knownElsewhere: [],
    passwordSources: [],
    departures: [],
    federatedSignOut: [],
  };
}

/** Sends the browser of a sign-in to the page that it has to visit. */
export function depart(
  { departures: [leave] }: SignInHooks,
  call: Call,
  suspended: Suspended,
  { ip = null, returnUrl }: Partial<SigningBrowser>,
): Promise<Departure> {
  if (leave === undefined) throw new Error('Nobody sends browsers to the pages that sign-ins wait for.');
  return leave(call, suspended, { ip, ...(returnUrl === undefined ? {} : { returnUrl }) });
}
