import type { Call } from '#src/access/call';
import { subjectOf } from '#src/features/attack-protection/attack-counters';
import type { Device, DeviceCookie } from '#src/features/attack-protection/device-cookie';
import { defaultConnection } from '#src/features/connections/connection.service';
import { foldText } from '#src/features/users/fold-text';
import { signIn, type SignIn, type SignInParts } from '#src/features/sessions/sign-in/sign-in';
import type { LoginOutcome } from '#src/features/sessions/sign-in/ask-further';
import {
  signInFound,
  signInProven,
  type FirstFactor,
  type FoundFactor,
} from '#src/features/sessions/sign-in/sign-in-proven';
import { completeSignIn, type StepWork } from '#src/features/sessions/sign-in/complete-sign-in';
import {
  chooseOrganization,
  pendingChoice,
  type PendingChoice,
} from '#src/features/sessions/sign-in/choose-organization';
import { findPendingSignIn } from '#src/features/sessions/sign-in/pending-sign-in';
import { depart, type Departure, type SignInHooks } from '#src/features/sessions/sign-in/sign-in-hooks';
import { holderOf } from '#src/features/sessions/minting/standing-session';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { addAuthenticationMethod } from '#src/features/sessions/minting/renew-session';
import type { StartedSession } from '#src/features/sessions/minting/mint-session';
import type { ProvenMethod, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { endForConnection } from '#src/features/sessions/endings/end-for-connection';
import { endFromProvider } from '#src/features/sessions/endings/end-from-provider';
import { endForEvent } from '#src/features/sessions/endings/end-for-event';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import type { UserService } from '#src/features/users/user.service';
import type { SessionCookie } from './session-cookie';
import { isOpenedBy, type SessionRow } from './session.repository';
import {
  revokeSession,
  revokeUserSessions,
  type RevokedSessions,
} from '#src/features/sessions/endings/revoke-sessions';
import {
  revokeOrganizationSessions,
  type RevokedOrganization,
} from '#src/features/sessions/endings/revoke-organization-sessions';
import { signOut, type SignedOutSession, type SignOut } from '#src/features/sessions/endings/sign-out';
import { signGrant, type TokenSet } from '#src/features/sessions/refresh/mint-tokens';
import type { ProvenSession } from '#src/features/sessions/sign-in/start-after-proof';
import type { Store } from '#src/storage/store';
import { updateSessionMetadata, type MetadataChange } from './session-metadata';
import { hashSecret } from '#src/shared/secret-hash';

export interface SessionParts extends SignInParts {
  readonly users: UserService;
  readonly organizations: OrganizationService;
  readonly cookie: SessionCookie;
  readonly devices: DeviceCookie;
}

export interface SignedIn extends StartedSession {
  readonly kind: 'LOGGED_IN';
  /** The `Set-Cookie` headers; none where the application took tokens. */
  readonly setCookies: readonly string[];
  readonly tokens: TokenSet | null;
}

/** A sign-in that waits for more. */
type Waiting = Exclude<LoginOutcome, { readonly kind: 'LOGGED_IN' | 'SUSPENDED' }> & {
  /** What the browser keeps all the same. */
  readonly setCookies?: readonly string[];
};

/** How a sign-in ended, with the cookie where there is a session. */
export type SignedInOutcome = SignedIn | Departure | Waiting;

type SteppingBrowser = Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>;

export interface PassedStep {
  /** The token of the waiting sign-in. */
  readonly token: string;
  readonly step: string;
  readonly method: Omit<ProvenMethod, 'timestamp'> | null;
}

export interface SignedOut extends SignedOutSession {
  /** The `Set-Cookie` header that deletes the cookie; null when the browser's cookie is not of the ended session. */
  readonly setCookie: string | null;
}

/** Who is signed in where, whoever asks. Each use case has a file of its own. */
export class SessionService {
  constructor(private readonly parts: SessionParts) {}

  /** Where later features take part in signing in. */
  get hooks(): SignInHooks {
    return this.parts.hooks;
  }

  /** Checks a password and starts a session, or answers what is missing; see `signIn` for its refusals. */
  async signIn(call: Call, input: SignIn, browser: SigningBrowser): Promise<SignedInOutcome> {
    const known = this.withDevice(call, browser);
    const outcome = await signIn(this.parts, call, input, known);
    const subject = subjectOf(input.connection ?? defaultConnection, foldText(input.identifier));
    return this.finished(call, outcome, known, subject);
  }

  /** Starts the session of a user whom an identity provider has proved; see `signInProven`. */
  async signInProven(call: Call, proven: FirstFactor, browser: SigningBrowser): Promise<SignedInOutcome> {
    const known = this.withDevice(call, browser);
    return this.finished(call, await signInProven(this.parts, call, proven, known), known);
  }

  /** The same where `find` says inside the transaction who it is; null: nobody signs in yet. */
  async signInFound(
    call: Call,
    find: (store: Store) => Promise<FoundFactor | null>,
    browser: SigningBrowser,
  ): Promise<SignedInOutcome | null> {
    const known = this.withDevice(call, browser);
    const outcome = await signInFound(this.parts, call, find, known);
    return outcome === null ? null : this.finished(call, outcome, known);
  }

  /** Who is signing in under a token of `MfaChallenge` or `PasswordChangeRequired`; MFA_TOKEN_INVALID. */
  pendingSignIn(call: Call, token: string): ReturnType<typeof findPendingSignIn> {
    return findPendingSignIn(call.store, call.clock.now(), token);
  }

  /**
   * Goes on with such a sign-in after a step was checked, to its session or to the next step; null: the step counts as no factor. `work` is
   * what the step writes about the user.
   */
  async completeSignIn(
    call: Call,
    token: string,
    method: Omit<ProvenMethod, 'timestamp'> | null,
    browser: SteppingBrowser,
    work?: StepWork,
  ): Promise<SignedInOutcome> {
    const known = this.withDevice(call, browser);
    return this.finished(call, await completeSignIn(this.parts, call, token, method, known, work), known);
  }

  /** Goes on with a sign-in whose browser came back from the page that it had to visit; `method` is what the page proved, if it counts. */
  async passStep(
    call: Call,
    { token, step, method }: PassedStep,
    browser: SteppingBrowser,
  ): Promise<SignedInOutcome> {
    const known = this.withDevice(call, browser);
    const outcome = await completeSignIn(this.parts, call, token, method, known, undefined, step);
    return this.finished(call, outcome, known);
  }

  /** What a sign-in that waits for its organization may choose from; MFA_TOKEN_INVALID. */
  pendingChoice(call: Call, token: string): Promise<PendingChoice> {
    return pendingChoice(this.parts, call, token);
  }

  /** Goes on with a sign-in that waits for its organization; see `chooseOrganization`. */
  async chooseOrganization(
    call: Call,
    token: string,
    organizationId: string | null,
    browser: SteppingBrowser,
  ): Promise<SignedInOutcome> {
    const known = this.withDevice(call, browser);
    const chosen = { token, organizationId };
    return this.finished(call, await chooseOrganization(this.parts, call, chosen, known), known);
  }

  /** The user's credential epoch now, for who proves something while it may change; null: there is no such user. */
  async epochOf(store: Store, userId: string): Promise<number | null> {
    return (await readUserState(store, userId))?.credentialEpoch ?? null;
  }

  /** Whose session it is, while it is good; see `holderOf`. Inside the transaction of `store`. */
  holderOf(store: Store, call: Call, sessionId: string): Promise<string | null> {
    return holderOf(this.parts.config, store, call, sessionId);
  }

  /** The step-up of a session; see `addAuthenticationMethod`. */
  readonly addAuthenticationMethod = addAuthenticationMethod;

  /** Ends the sessions that came from sessions at a provider which are over; see `endFromProvider`. */
  readonly endFromProvider = endFromProvider;

  /** Ends what an event about a user ends; see `endForEvent`. */
  readonly endForEvent = endForEvent;

  /** A connection was switched off: ends what rests on it alone, where `sessions.endWithConnection` says so. */
  async endForConnection(store: Store, call: Call, connection: string): Promise<void> {
    if (this.parts.config.endWithConnection) await endForConnection(store, call, connection);
  }

  /** Ends every session and refresh token that acts inside an organization; see `revokeOrganizationSessions`. */
  revokeOrganization(call: Call, organizationId: string): Promise<RevokedOrganization> {
    return revokeOrganizationSessions(this.parts, call, organizationId);
  }

  /** The browser, by what it keeps for us, or as a new one. */
  private withDevice<Some extends SteppingBrowser & Partial<SigningBrowser>>(
    call: Call,
    browser: Some,
  ): Some {
    const takesTokens = (browser.tokenUse ?? null) !== null;
    if (takesTokens || !('cookies' in browser)) return browser;
    const { devices } = this.parts;
    return { ...browser, device: devices.read(browser.cookies) ?? devices.newDevice(call.ids) };
  }

  /** `subject`: the account whose password was right just now. */
  private async finished(
    call: Call,
    outcome: LoginOutcome,
    browser: Partial<SigningBrowser>,
    subject: string | null = null,
  ): Promise<SignedInOutcome> {
    const { device = null, cookieMode } = browser;
    if (outcome.kind === 'LOGGED_IN') return this.finish(call, outcome, device, subject);
    const isKept = cookieMode === 'persistent';
    const remembered =
      device === null || subject === null ? [] : [this.parts.devices.give(device, { subject, isKept })];
    if (outcome.kind === 'SUSPENDED') {
      const departure = await depart(this.parts.hooks, call, outcome, browser);
      return { ...departure, setCookies: [...departure.setCookies, ...remembered] };
    }
    return remembered.length === 0 ? outcome : { ...outcome, setCookies: remembered };
  }

  private async finish(
    call: Call,
    { session, secret, tokens }: ProvenSession,
    device: Device | null,
    subject: string | null = null,
  ): Promise<SignedIn> {
    const signed = tokens === null ? null : await signGrant(this.parts, tokens.grant, tokens.refreshToken);
    const isKept = session.cookieMode === 'persistent';
    const end = isKept ? ([session.expiresAt] as const) : [];
    const { cookie, devices } = this.parts;
    const remembered = device === null ? [] : [devices.give(device, { subject, isKept })];
    const setCookies = signed === null ? [cookie.give(secret, call.clock.now(), ...end), ...remembered] : [];
    return { kind: 'LOGGED_IN', session, secret, setCookies, tokens: signed };
  }

  /** Ends the caller's own session, if there is one, and says whether the browser's cookie is to go and where the browser may. */
  async signOut(call: Call, sessionCookie: string | undefined, asked: SignOut = {}): Promise<SignedOut> {
    const { sessionId, kind } = call.principal;
    const isOurs =
      sessionCookie !== undefined &&
      (sessionId === null
        ? kind === 'anonymous'
        : await isOpenedBy(call.store, sessionId, hashSecret(sessionCookie)));
    const { session, logoutUrl } = await signOut(this.parts, call, sessionId, asked);
    return { session, logoutUrl, setCookie: isOurs ? this.parts.cookie.remove() : null };
  }

  /** Ends one session; NOT_FOUND when there is none that the caller may end. */
  revoke(call: Call, id: string, keepFamilies = false): Promise<SessionRow> {
    return revokeSession(this.parts, call, { id, keepFamilies });
  }

  /** Writes keys of a session; see `updateSessionMetadata`. */
  updateMetadata(call: Call, change: MetadataChange): Promise<SessionRow> {
    return updateSessionMetadata(this.parts, call, change);
  }

  /** Ends all sessions of a user. */
  revokeAll(
    call: Call,
    which: { readonly userId: string; readonly exceptCurrent?: boolean | null | undefined },
  ): Promise<RevokedSessions> {
    return revokeUserSessions(this.parts, call, which);
  }
}
