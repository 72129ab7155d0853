import type { Call } from '#src/access/call';
import type { SessionsConfig } from '#src/config/sessions';
import type { ApplicationService } from '#src/features/applications/application.service';
import { matchUrl } from '#src/features/applications/redirects/match-url';
import type { AuditService } from '#src/features/audit/audit.service';
import { findSessions, type SessionRow } from '#src/features/sessions/session.repository';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import type { SignInHooks } from '#src/features/sessions/sign-in/sign-in-hooks';
import { endAndTell } from './end-and-tell';

export interface SignOut {
  /** Whether refresh tokens that outlive the session end too. */
  readonly revokeOffline?: boolean | null | undefined;
  /** Where the person wants to go afterwards. */
  readonly returnTo?: string | null | undefined;
  /** The application whose list of addresses counts; null: the deployment's. */
  readonly clientId?: string | null | undefined;
  /** Goes along to that address as it is, for the application that asked. */
  readonly state?: string | null | undefined;
  /** Without an address there is none: the first one of the application does not stand in. */
  readonly isExact?: boolean;
  /** Whether the person wants to leave the identity provider as well. */
  readonly federated?: boolean | null | undefined;
}

export interface SignOutParts {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly config: SessionsConfig;
  readonly hooks: Pick<SignInHooks, 'federatedSignOut'>;
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
  const logoutUrl = withState(await allowedTarget(parts, call, asked), asked.state ?? null);
  if (sessionId === null) return { session: null, logoutUrl };
  const providerUrl = asked.federated === true ? await providerPage(parts, call, sessionId, logoutUrl) : null;
  const session = await endOwn(parts, call, sessionId, asked, providerUrl !== null);
  return { session, logoutUrl: providerUrl ?? logoutUrl };
}

/** Where the browser leaves the identity provider, from which the session came; null: it has no such page, or cannot say which. */
async function providerPage(
  { hooks }: SignOutParts,
  call: Call,
  sessionId: string,
  returnUrl: string | null,
): Promise<string | null> {
  const [session] = await findSessions(call.store, [sessionId], {
    reach: null,
    owner: null,
  });
  const methods = (session?.authenticationMethods ?? []) as readonly ProvenMethod[];
  try {
    for (const hook of hooks.federatedSignOut) {
      const url = await hook(call, methods, returnUrl);
      if (url !== null) return url;
    }
  } catch (err) {
    call.logger.warn({ requestId: call.requestId, err }, 'signing out at the provider could not be begun');
  }
  return null;
}

function endOwn(
  parts: SignOutParts,
  call: Call,
  sessionId: string,
  asked: SignOut,
  leavesProvider: boolean,
): Promise<SessionRow | null> {
  return call.store.transaction(async (store) => {
    const isRevoked = asked.revokeOffline === true;
    const ended = await endAndTell(store, call, { ids: [sessionId] }, 'logout', { endFamilies: isRevoked });
    if (ended.length > 0) {
      await parts.audit.record(store, call, {
        action: 'session.sign_out',
        targetType: 'Session',
        targetId: sessionId,
        // Not every provider has a page to sign out at; whoever asked for it can tell from the record.
        ...(asked.federated === true && {
          details: { federated: leavesProvider ? 'requested' : 'unsupported' },
        }),
      });
    }
    return (await findSessions(store, [sessionId], { reach: null, owner: null }))[0] ?? null;
  });
}

/** SECURITY: an open redirect at a trusted address; only listed addresses, compared whole. */
async function allowedTarget(
  { applications, config }: SignOutParts,
  call: Call,
  { returnTo = null, clientId = null, isExact = false }: SignOut,
): Promise<string | null> {
  const application = clientId === null ? null : await applications.enabled(call.store, clientId);
  if (application === null) {
    if (returnTo === null) return null;
    return matchUrl({ url: returnTo, type: 'REGULAR_WEB', devMode: false }, config.allowedLogoutUrls);
  }
  const { type, devMode, allowedLogoutUrls } = application;
  const wanted = returnTo ?? (isExact ? undefined : allowedLogoutUrls[0]);
  return wanted === undefined ? null : matchUrl({ url: wanted, type, devMode }, allowedLogoutUrls);
}

/** The rest of the address stays byte for byte as it was compared. */
function withState(url: string | null, state: string | null): string | null {
  if (url === null || state === null) return url;
  return `${url}${url.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`;
}
