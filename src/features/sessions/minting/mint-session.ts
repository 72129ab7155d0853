import { createHash } from 'node:crypto';
import type { Call } from '#src/access/call';
import type { SessionsConfig } from '#src/config/sessions';
import type { Device } from '#src/features/attack-protection/device-cookie';
import { readUserState } from './user-state.repository';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { sessionLimits, startTimes } from '#src/features/sessions/session-policy';
import {
  insertStandingSession,
  longestUserAgent,
  type SessionRow,
} from '#src/features/sessions/session.repository';
import { newSessionSecret } from '#src/features/sessions/session-token';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import type { SessionActor } from '#src/features/sessions/impersonation/actor-standing';
import { makeRoom } from './session-limit';
import { assuranceOf, type Browser, type ProvenUser } from './proven-user';
import { hashSecret } from '#src/shared/secret-hash';

/** An application through which a session was used. */
export interface SessionClient {
  readonly clientId: string;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  /** The organization that the user then acted in. */
  readonly organizationId: string | null;
}

export interface Minting {
  readonly user: ProvenUser;
  readonly browser: Browser;
  /** Who acts in the name of the user, in a session of an hour. */
  readonly actor?: SessionActor | null;
}

const hour = 3_600_000;
const delegatedLimits = { idle: hour, absolute: hour };

export interface StartedSession {
  readonly session: SessionRow;
  /** For the cookie; stored nowhere. */
  readonly secret: string;
}

/**
 * The one place where sessions are made. Inside the transaction of `store` it refuses, with INVALID_CREDENTIALS, a user who was
 * blocked or deleted, or whose credentials changed since the proof was checked.
 */
export async function mintSession(
  config: SessionsConfig,
  store: Store,
  call: Call,
  { user, browser, actor = null }: Minting,
): Promise<StartedSession> {
  // SECURITY: who acts for a user must not push the user's own sessions out.
  if (actor === null) await makeRoom(config, store, call, user);
  const now = call.clock.now();
  const secret = newSessionSecret(call.ids);
  const { ip, cookieMode, device = null } = browser;
  const endsBy = Math.min(...user.methods.map((method) => method.endsBy ?? Infinity));
  const userAgent = browser.userAgent === null ? null : browser.userAgent.slice(0, longestUserAgent);
  const session: SessionRow = {
    id: call.ids.next('ses'),
    userId: user.userId,
    status: 'ACTIVE',
    ...startTimes(now, actor === null ? sessionLimits(config, cookieMode) : delegatedLimits, endsBy),
    updatedAt: now,
    // Nobody has signed in as the user of a delegated session: it is never fresh.
    authenticatedAt: Math.max(0, ...user.methods.map((method) => method.timestamp)),
    device: {
      ...(device === null ? {} : { id: idFor(user.userId, device) }),
      ...{ initialIp: ip, initialUserAgent: userAgent, lastIp: ip, lastUserAgent: userAgent },
    },
    clients: clientsOf(user, now),
    authenticationMethods: user.methods,
    assurance: assuranceOf(user.methods),
    cookieMode,
    metadata: {},
    organizationId: user.organizationId,
    actor: actor === null ? null : { ...actor },
    endedAt: null,
    endReason: null,
  };
  const stored = { ...session, secretHash: hashSecret(secret), credentialEpoch: user.credentialEpoch };
  if (!(await insertStandingSession(store, stored))) throw sessionErrors.INVALID_CREDENTIALS();
  return { session, secret };
}

/**
 * Locks the user until the end of the transaction. SECURITY: a proof that was overtaken; blocking, deletion or a change of the
 * credentials between check and minting must win.
 */
export async function requireStanding(
  store: Store,
  user: Pick<ProvenUser, 'userId' | 'credentialEpoch'>,
): Promise<void> {
  const state = await readUserState(store, user.userId, true);
  if (state === null || state.blocked || state.credentialEpoch !== user.credentialEpoch) {
    throw sessionErrors.INVALID_CREDENTIALS();
  }
}

/** SECURITY: two people who share a browser must not learn of each other, so that its id is another one for each. */
function idFor(userId: string, { id }: Device): string {
  return createHash('sha256').update(`${id}.${userId}`).digest('base64url').slice(0, 22);
}

function clientsOf({ clientId, organizationId }: ProvenUser, now: Instant): readonly SessionClient[] {
  return clientId === null ? [] : [{ clientId, firstSeenAt: now, lastSeenAt: now, organizationId }];
}
