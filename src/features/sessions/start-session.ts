import type { Call } from '#src/access/call';
import type { SessionsConfig } from '#src/config/sessions';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { sessionErrors } from './session.errors';
import { sessionLimits, startTimes, type CookieMode } from './session-policy';
import { insertSession, type SessionRow } from './session.repository';
import { hashSessionSecret, newSessionSecret } from './session-token';
import { readUserState } from './user-state.repository';

/** Somebody who has proved to be a user. */
export interface ProvenUser {
  readonly userId: string;
  /** The user's credential epoch when the proof was checked. */
  readonly credentialEpoch: number;
  /** How it was proved: `pwd`. */
  readonly method: string;
  readonly connection: string;
  /** The organization that the session is bound to. */
  readonly organizationId: string | null;
  /** The application through which the user came; null: none was named. */
  readonly clientId: string | null;
}

/** An application through which a session was used. */
export interface SessionClient {
  readonly clientId: string;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  /** The organization that the user then acted in. */
  readonly organizationId: string | null;
}

export interface Browser {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly cookieMode: CookieMode;
}

export interface StartedSession {
  readonly session: SessionRow;
  /** For the cookie; stored nowhere. */
  readonly secret: string;
}

const longestUserAgent = 512;

/**
 * The one place where sessions are made. Inside the transaction of `store` it refuses, with INVALID_CREDENTIALS, a user who was
 * blocked or deleted, or whose credentials changed since the proof was checked.
 */
export async function startSession(
  config: SessionsConfig,
  store: Store,
  call: Call,
  { user, browser }: { readonly user: ProvenUser; readonly browser: Browser },
): Promise<StartedSession> {
  const state = await readUserState(store, user.userId, true);
  // SECURITY: a proof that was overtaken; blocking, deletion or a new password between check and start must win.
  if (state === null || state.blocked || state.credentialEpoch !== user.credentialEpoch) {
    throw sessionErrors.INVALID_CREDENTIALS();
  }
  const now = call.clock.now();
  const secret = newSessionSecret(call.ids);
  const { ip, cookieMode } = browser;
  const userAgent = browser.userAgent === null ? null : browser.userAgent.slice(0, longestUserAgent);
  const session: SessionRow = {
    id: call.ids.next('ses'),
    userId: user.userId,
    status: 'ACTIVE',
    ...startTimes(now, sessionLimits(config, cookieMode)),
    updatedAt: now,
    authenticatedAt: now,
    device: { initialIp: ip, initialUserAgent: userAgent, lastIp: ip, lastUserAgent: userAgent },
    clients: clientsOf(user, now),
    authenticationMethods: [{ name: user.method, timestamp: now, connection: user.connection }],
    assurance: 'AAL1',
    cookieMode,
    metadata: {},
    organizationId: user.organizationId,
    endedAt: null,
    endReason: null,
  };
  await insertSession(store, {
    ...session,
    secretHash: hashSessionSecret(secret),
    credentialEpoch: state.credentialEpoch,
  });
  return { session, secret };
}

function clientsOf({ clientId, organizationId }: ProvenUser, now: Instant): readonly SessionClient[] {
  return clientId === null ? [] : [{ clientId, firstSeenAt: now, lastSeenAt: now, organizationId }];
}
