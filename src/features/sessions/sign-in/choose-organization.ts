import type { Call } from '#src/access/call';
import { requireStanding } from '#src/features/sessions/minting/mint-session';
import type { ProvenMethod, SigningBrowser, TokenUse } from '#src/features/sessions/minting/proven-user';
import type { CookieMode } from '#src/features/sessions/session-policy';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { closedOrganization, type CompleteParts } from './complete-sign-in';
import { requireTransaction } from './pending-sign-in';
import { requireApplication } from './sign-in-application';
import { consumeTransaction } from './sign-in-transaction.repository';
import type { LoginOutcome } from './ask-further';
import { startInside } from './start-or-choose';

/**
 * Goes on with a sign-in that waits for its organization, to its session or to a second factor that the organization asks for; null: for
 * none, where the application allows that. FORBIDDEN for one that the user cannot enter, which ends the sign-in; MFA_TOKEN_INVALID for a
 * sign-in that is over.
 */
export async function chooseOrganization(
  parts: CompleteParts,
  call: Call,
  { token, organizationId }: { readonly token: string; readonly organizationId: string | null },
  browser: Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>,
): Promise<LoginOutcome> {
  const now = call.clock.now();
  const started = await call.store.transaction(async (store) => {
    const pending = await requireTransaction(store, now, token);
    if (pending.kind !== 'organization' || pending.clientId === null) throw sessionErrors.MFA_TOKEN_INVALID();
    // SECURITY: one-time tokens redeemed twice in parallel; the row is used up before anything is made of it.
    if (!(await consumeTransaction(store, pending.id, now))) throw sessionErrors.MFA_TOKEN_INVALID();
    await requireStanding(store, pending);
    const application = await requireApplication(parts, store, pending.clientId, organizationId);
    // SECURITY: the prompt must not be a way around the organization that the application requires.
    if (organizationId === null && application.organizationUsage !== 'ALLOW') throw closedOrganization();
    const user = { ...pending, methods: pending.methods as readonly ProvenMethod[], organizationId };
    const known = pending.anonymousSessionId === null ? null : { id: pending.anonymousSessionId };
    const tokenUse = pending.tokenUse as TokenUse | null;
    const cookieMode = pending.cookieMode as CookieMode;
    const signing = { ...browser, cookieMode, tokenUse, visit: browser.visit ?? known };
    return startInside(parts, store, call, { user, application, browser: signing });
  });
  if (started === 'CLOSED') throw closedOrganization();
  return started;
}
