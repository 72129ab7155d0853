import type { Call } from '#src/access/call';
import { actingUser } from '#src/access/principal';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { AuditService } from '#src/features/audit/audit.service';
import type { OrganizationApplicationService } from '#src/features/organizations/applications/organization-application.service';
import type { JoinOnLogin } from '#src/features/organizations/connections/join-on-login';
import { adoptVisit } from '#src/features/sessions/activity/adopt-visit';
import { mintSession, type StartedSession } from '#src/features/sessions/minting/mint-session';
import type { ProvenUser, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { countLogin } from '#src/features/sessions/minting/user-state.repository';
import { endAndTell } from '#src/features/sessions/endings/end-and-tell';
import { isSessionSecret } from '#src/features/sessions/session-token';
import {
  mintForSession,
  type MintParts,
  type UnsignedTokens,
} from '#src/features/sessions/refresh/mint-tokens';
import type { Store } from '#src/storage/store';
import { hashSecret } from '#src/shared/secret-hash';

export interface StartParts extends MintParts {
  readonly audit: AuditService;
  readonly joinOnLogin: JoinOnLogin;
  readonly organizationApplications: OrganizationApplicationService;
}

/** A session that was just started, with the tokens that were asked for in place of its cookie. */
export interface ProvenSession extends StartedSession {
  readonly tokens: UnsignedTokens | null;
}

export interface ProvenSignIn {
  readonly user: ProvenUser;
  readonly application: ApplicationRow | null;
  readonly browser: SigningBrowser;
}

/**
 * Everything is proved: counts the sign-in, ends the session that the browser had and starts the new one. CLOSED where the user may not
 * sign in to the organization. Inside the transaction of `store`.
 */
export async function startAfterProof(
  parts: StartParts,
  store: Store,
  call: Call,
  { user, application, browser }: ProvenSignIn,
): Promise<ProvenSession | 'CLOSED'> {
  const { userId, organizationId } = user;
  await countLogin(store, userId, { now: call.clock.now(), ip: browser.ip });
  const isAdmitted =
    organizationId === null ||
    (await parts.organizationApplications.admits(store, organizationId, application));
  const connection = connectionOf(user);
  const membership = isAdmitted
    ? await parts.joinOnLogin(store, call, { id: userId }, connection, organizationId)
    : null;
  if (membership?.isAllowed !== true) {
    await recordSignIn(parts.audit, store, call, { userId, sessionId: null });
    return 'CLOSED';
  }
  for (const hook of parts.mintHooks.signedIn) await hook(store, call, user);
  const tokenUse = browser.tokenUse ?? null;
  // An application that takes tokens sets no cookie, and so replaces none.
  if (tokenUse === null) await endPresented(store, call, browser.sessionCookie);
  const device = tokenUse === null ? (browser.device ?? null) : null;
  const minted = await mintSession(parts.config, store, call, { user, browser: { ...browser, device } });
  const visit = browser.visit ?? null;
  const session = await adoptVisit(store, call, minted.session, { visit, clientId: user.clientId });
  const started = { ...minted, session };
  const tokens =
    tokenUse === null ? null : await mintForSession(parts, store, call, { session, user, tokenUse });
  await recordSignIn(parts.audit, store, call, { userId, sessionId: started.session.id });
  return { ...started, tokens };
}

/** Name of the connection that proved the user; the empty text: the gateway itself. */
export function connectionOf({ methods }: Pick<ProvenUser, 'methods'>): string {
  return methods.find(({ connection }) => connection !== null)?.connection ?? '';
}

/** SECURITY: session fixation; a sign-in never goes on with the session that the browser brought along. */
async function endPresented(store: Store, call: Call, sessionCookie: string | undefined): Promise<void> {
  if (sessionCookie === undefined || !isSessionSecret(sessionCookie)) return;
  const which = { secretHash: hashSecret(sessionCookie) };
  await endAndTell(store, call, which, 'logout', { reason: 'replaced', initiator: null });
}

/** The record names the user who signed in, not who the caller was before; without a session it was refused. */
export async function recordSignIn(
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
