import type { Call } from '#src/access/call';
import { actingUser } from '#src/access/principal';
import type { SessionsConfig } from '#src/config/sessions';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { OrganizationApplicationService } from '#src/features/organizations/applications/organization-application.service';
import type { JoinOnLogin } from '#src/features/organizations/connections/join-on-login';
import type { AuditService } from '#src/features/audit/audit.service';
import { defaultConnection, type ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import type { FailedAttempts } from '#src/features/attack-protection/failed-attempts';
import type { Credential } from '#src/features/passwords/credential.repository';
import { passwordBytes } from '#src/features/passwords/password-hash';
import type { PasswordService } from '#src/features/passwords/password.service';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { endSessions } from '#src/features/sessions/session.repository';
import { hashSessionSecret, isSessionSecret } from '#src/features/sessions/session-token';
import { startSession, type Browser, type StartedSession } from '#src/features/sessions/start-session';
import { foldText } from '#src/features/users/fold-text';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { countLogin, readUserState } from '#src/features/sessions/user-state.repository';
import { requireApplication } from './sign-in-application';

export interface SignIn {
  /** E-mail address, username or phone number. */
  readonly identifier: string;
  readonly password: string;
  /** Name of the connection; default `main`. */
  readonly connection?: string | null | undefined;
  /** The organization to sign in to. */
  readonly organizationId?: string | null | undefined;
  /** The application through which the user signs in; null: the gateway's own pages. */
  readonly clientId?: string | null | undefined;
}

/** The browser that signs in, with the session it had so far. */
export interface SigningBrowser extends Browser {
  readonly sessionCookie: string | undefined;
}

export interface SignInParts {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly config: SessionsConfig;
  readonly passwords: PasswordService;
  readonly passwordAttempts: FailedAttempts;
  readonly joinOnLogin: JoinOnLogin;
  readonly applications: ApplicationService;
  readonly organizationApplications: OrganizationApplicationService;
}

const longestIdentifier = 320;

/**
 * Checks a password and starts a session. INVALID_CREDENTIALS answers an unknown user, a wrong password and a blocked user alike and
 * in the same time; CONNECTION_DISABLED, TOO_MANY_ATTEMPTS and what is wrong with the application are answered before anything is looked
 * up about the user.
 */
export async function signIn(
  parts: SignInParts,
  call: Call,
  { identifier, password, connection: name, organizationId = null, clientId = null }: SignIn,
  browser: SigningBrowser,
): Promise<StartedSession> {
  if (identifier.length === 0 || identifier.length > longestIdentifier) {
    throw commonErrors.VALIDATION_FAILED({
      message: `An identifier has 1 to ${longestIdentifier} characters.`,
      extensions: { field: 'identifier', limit: longestIdentifier },
    });
  }
  passwordBytes(password);
  const application =
    clientId === null ? null : await requireApplication(parts, call.store, clientId, organizationId);
  const connection = name ?? defaultConnection;
  const value = foldText(identifier);
  const attempt = parts.passwordAttempts.begin({ connection, identifier: value, ip: browser.ip });
  let found: Credential | null;
  try {
    found = await checkPassword(parts, call, { connection, value, password });
  } catch (error) {
    attempt.undecided();
    throw error;
  }
  if (found === null) throw sessionErrors.INVALID_CREDENTIALS();
  attempt.succeeded();
  const checked = { credential: found, password, connection, organizationId, application };
  return startAfterCheck(parts, call, checked, browser);
}

interface Guess {
  readonly connection: string;
  readonly value: string;
  readonly password: string;
}

/** The credential that the password opens, or null; takes one hash whatever is known of the user. */
async function checkPassword(
  { connections, passwords }: SignInParts,
  call: Call,
  { connection: name, value, password }: Guess,
): Promise<Credential | null> {
  const connection = await connections.byName(call.store, name);
  const hasPasswords = connection !== null && strategyKind(connection.strategy) === 'DATABASE';
  if (hasPasswords && !connection.isEnabled) throw sessionErrors.CONNECTION_DISABLED();
  return passwords.check(call.store, { connection: hasPasswords ? name : null, identifier: value, password });
}

interface Checked {
  readonly credential: Credential;
  readonly password: string;
  readonly connection: string;
  readonly organizationId: string | null;
  readonly application: ApplicationRow | null;
}

async function startAfterCheck(
  parts: SignInParts,
  call: Call,
  { credential, password, connection, organizationId, application }: Checked,
  browser: SigningBrowser,
): Promise<StartedSession> {
  const { userId, credentialEpoch } = credential;
  const newHash = await parts.passwords.renewedHash(credential, password);
  const started = await call.store.transaction(async (store) => {
    const state = await readUserState(store, userId, true);
    if (state === null) return null;
    await countLogin(store, userId, { now: call.clock.now(), ip: browser.ip });
    if (state.blocked) {
      await record(parts.audit, store, call, { userId, sessionId: null });
      return null;
    }
    const isAdmitted =
      organizationId === null ||
      (await parts.organizationApplications.admits(store, organizationId, application));
    const membership = isAdmitted
      ? await parts.joinOnLogin(store, call, { id: userId }, connection, organizationId)
      : null;
    if (membership?.isAllowed !== true) {
      await record(parts.audit, store, call, { userId, sessionId: null });
      return 'CLOSED';
    }
    await endPresented(store, call, browser.sessionCookie);
    const user = {
      userId,
      credentialEpoch,
      method: 'pwd',
      connection,
      organizationId,
      clientId: application?.id ?? null,
    };
    const session = await startSession(parts.config, store, call, { user, browser });
    await parts.passwords.renew(store, credential, newHash);
    await record(parts.audit, store, call, { userId, sessionId: session.session.id });
    return session;
  });
  if (started === null) throw sessionErrors.INVALID_CREDENTIALS();
  // SECURITY: one answer for an organization that does not exist, is closed to the connection or the application, or has other members.
  if (started === 'CLOSED')
    throw commonErrors.FORBIDDEN({ message: 'You cannot sign in to this organization.' });
  return started;
}

/** SECURITY: session fixation; a sign-in never goes on with the session that the browser brought along. */
async function endPresented(store: Store, call: Call, sessionCookie: string | undefined): Promise<void> {
  if (sessionCookie === undefined || !isSessionSecret(sessionCookie)) return;
  const which = { secretHash: hashSessionSecret(sessionCookie) };
  await endSessions(store, which, { status: 'ENDED', reason: 'replaced', now: call.clock.now() });
}

/** The record names the user who signed in, not who the caller was before; without a session it was a blocked user's attempt. */
async function record(
  audit: AuditService,
  store: Store,
  call: Call,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string | null },
): Promise<void> {
  await audit.record(
    store,
    { ...call, principal: actingUser(userId, sessionId) },
    {
      action: 'session.sign_in',
      targetType: sessionId === null ? 'User' : 'Session',
      targetId: sessionId ?? userId,
      result: sessionId === null ? 'denied' : 'ok',
    },
  );
}
