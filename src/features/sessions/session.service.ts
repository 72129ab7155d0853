import type { Call } from '#src/access/call';
import {
  signIn,
  type SignIn,
  type SignInParts,
  type SigningBrowser,
} from '#src/features/sessions/sign-in/sign-in';
import type { UserService } from '#src/features/users/user.service';
import type { SessionCookie } from './session-cookie';
import { isOpenedBy, type SessionRow } from './session.repository';
import { hashSessionSecret } from './session-token';
import {
  revokeSession,
  revokeUserSessions,
  type RevokedSessions,
} from '#src/features/sessions/endings/revoke-sessions';
import { signOut } from '#src/features/sessions/endings/sign-out';

export interface SessionParts extends SignInParts {
  readonly users: UserService;
  readonly cookie: SessionCookie;
}

export interface SignedIn {
  readonly session: SessionRow;
  /** For the cookie alone. */
  readonly secret: string;
  /** The `Set-Cookie` header. */
  readonly setCookie: string;
}

export interface SignedOut {
  readonly session: SessionRow | null;
  /** The `Set-Cookie` header that deletes the cookie; null when the browser's cookie is not of the ended session. */
  readonly setCookie: string | null;
}

/** Who is signed in where, whoever asks. Each use case has a file of its own. */
export class SessionService {
  constructor(private readonly parts: SessionParts) {}

  /** Checks a password and starts a session; see `signIn` for its refusals. */
  async signIn(call: Call, input: SignIn, browser: SigningBrowser): Promise<SignedIn> {
    const { session, secret } = await signIn(this.parts, call, input, browser);
    const isKept = browser.cookieMode === 'persistent';
    const setCookie = isKept
      ? this.parts.cookie.give(secret, call.clock.now(), session.expiresAt)
      : this.parts.cookie.give(secret, call.clock.now());
    return { session, secret, setCookie };
  }

  /** Ends the caller's own session, if there is one, and says whether the browser's cookie is to go. */
  async signOut(call: Call, sessionCookie: string | undefined): Promise<SignedOut> {
    const { sessionId, kind } = call.principal;
    const session = sessionId === null ? null : await signOut(this.parts, call, sessionId);
    const isOurs =
      sessionCookie !== undefined &&
      (sessionId === null
        ? kind === 'anonymous'
        : await isOpenedBy(call.store, sessionId, hashSessionSecret(sessionCookie)));
    return { session, setCookie: isOurs ? this.parts.cookie.remove() : null };
  }

  /** Ends one session; NOT_FOUND when there is none that the caller may end. */
  revoke(call: Call, id: string): Promise<SessionRow> {
    return revokeSession(this.parts, call, id);
  }

  /** Ends all sessions of a user. */
  revokeAll(
    call: Call,
    which: { readonly userId: string; readonly exceptCurrent?: boolean | null | undefined },
  ): Promise<RevokedSessions> {
    return revokeUserSessions(this.parts, call, which);
  }
}
