import type { Call } from '#src/access/call';
import type { SessionsConfig } from '#src/config/sessions';
import type { ApplicationService } from '#src/features/applications/application.service';
import { matchUrl } from '#src/features/applications/redirects/match-url';
import type { AuditService } from '#src/features/audit/audit.service';
import { findSessions, type SessionRow } from '#src/features/sessions/session.repository';
import { endAndTell } from './end-and-tell';

export interface SignOut {
  /** Whether refresh tokens that outlive the session end too. */
  readonly revokeOffline?: boolean | null | undefined;
  /** Where the person wants to go afterwards. */
  readonly returnTo?: string | null | undefined;
  /** The application whose list of addresses counts; null: the deployment's. */
  readonly clientId?: string | null | undefined;
  /** Whether the person wants to leave the identity provider as well. */
  readonly federated?: boolean | null | undefined;
}

export interface SignOutParts {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly config: SessionsConfig;
}

export interface SignedOutSession {
  /** Null when the caller had none. */
  readonly session: SessionRow | null;
  /** Where to send the browser; null where nothing was asked for or it is not allowed. */
  readonly logoutUrl: string | null;
}

/** Ends the caller's own session, for all applications that use it. What is wrong with the address keeps nobody signed in. */
export async function signOut(
  parts: SignOutParts,
  call: Call,
  sessionId: string | null,
  asked: SignOut,
): Promise<SignedOutSession> {
  const logoutUrl = await allowedTarget(parts, call, asked);
  const session = sessionId === null ? null : await endOwn(parts, call, sessionId, asked);
  return { session, logoutUrl };
}

function endOwn(
  parts: SignOutParts,
  call: Call,
  sessionId: string,
  asked: SignOut,
): Promise<SessionRow | null> {
  return call.store.transaction(async (store) => {
    const isRevoked = asked.revokeOffline === true;
    const ended = await endAndTell(store, call, { ids: [sessionId] }, 'logout', { endFamilies: isRevoked });
    if (ended.length > 0) {
      await parts.audit.record(store, call, {
        action: 'session.sign_out',
        targetType: 'Session',
        targetId: sessionId,
        // No connection of today has a page to sign out at; whoever asked for it can tell from the record.
        ...(asked.federated === true && { details: { federated: 'unsupported' } }),
      });
    }
    return (await findSessions(store, [sessionId], { reach: null, owner: null }))[0] ?? null;
  });
}

/** SECURITY: an open redirect at a trusted address; only listed addresses, compared whole. */
async function allowedTarget(
  { applications, config }: SignOutParts,
  call: Call,
  { returnTo = null, clientId = null }: SignOut,
): Promise<string | null> {
  const application = clientId === null ? null : await applications.enabled(call.store, clientId);
  if (application === null) {
    if (returnTo === null) return null;
    return matchUrl({ url: returnTo, type: 'REGULAR_WEB', devMode: false }, config.allowedLogoutUrls);
  }
  const { type, devMode, allowedLogoutUrls } = application;
  const wanted = returnTo ?? allowedLogoutUrls[0];
  return wanted === undefined ? null : matchUrl({ url: wanted, type, devMode }, allowedLogoutUrls);
}
