import type { Call } from '#src/access/call';
import type { Instant } from '#src/shared/clock';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { SignInOrganizationRow } from '#src/features/organizations/sign-in/sign-in-organization.repository';
import { requireStanding } from '#src/features/sessions/minting/mint-session';
import type { ProvenMethod, SigningBrowser, TokenUse } from '#src/features/sessions/minting/proven-user';
import type { CookieMode } from '#src/features/sessions/session-policy';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { closedOrganization, type CompleteParts } from './complete-sign-in';
import { requireTransaction } from './pending-sign-in';
import { requireApplication } from './sign-in-application';
import { consumeTransaction } from './sign-in-transaction.repository';
import { connectionOf } from './start-after-proof';
import type { LoginOutcome } from './ask-further';
import { startInside } from './start-or-choose';
import type { SignInTransactionRow } from './sign-in-transaction.repository';
import type { Store } from '#src/storage/store';

export interface ChoiceParts extends CompleteParts {
  readonly attackProtection: Pick<AttackProtectionService, 'beginClue'>;
}

type Waiting = SignInTransactionRow & { readonly clientId: string };

/** What a page shows of a sign-in that waits for its organization. */
export interface PendingChoice {
  readonly organizations: readonly SignInOrganizationRow[];
  /** Whether the user may sign in to none of them. */
  readonly isOptional: boolean;
}

/** What such a sign-in may choose from; MFA_TOKEN_INVALID for one that is over. */
export async function pendingChoice(parts: CompleteParts, call: Call, token: string): Promise<PendingChoice> {
  const { store, clock } = call;
  const pending = await requireWaiting(store, clock.now(), token);
  const application = await parts.applications.enabled(store, pending.clientId);
  if (application === null) throw sessionErrors.MFA_TOKEN_INVALID();
  const user = { id: pending.userId, connection: connectionOf({ methods: methodsOf(pending) }) };
  const organizations = await parts.signInOrganizations.choices(store, user, application);
  return { organizations, isOptional: application.organizationUsage === 'ALLOW' };
}

async function requireWaiting(store: Store, now: Instant, token: string): Promise<Waiting> {
  const { clientId, ...pending } = await requireTransaction(store, now, token);
  if (pending.kind !== 'organization' || clientId === null) throw sessionErrors.MFA_TOKEN_INVALID();
  return { ...pending, clientId };
}

function methodsOf({ methods }: SignInTransactionRow): readonly ProvenMethod[] {
  return methods as readonly ProvenMethod[];
}

/**
 * Goes on with a sign-in that waits for its organization, to its session or to a second factor that the organization asks for; null: for
 * none, where the application allows that. FORBIDDEN for one that the user cannot enter, which ends the sign-in; MFA_TOKEN_INVALID for a
 * sign-in that is over; TOO_MANY_ATTEMPTS for a network whose tokens were wrong too often.
 */
export async function chooseOrganization(
  parts: ChoiceParts,
  call: Call,
  { token, organizationId }: { readonly token: string; readonly organizationId: string | null },
  browser: Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>,
): Promise<LoginOutcome> {
  const now = call.clock.now();
  // SECURITY: guessing tokens; one that is not right stays counted for the network.
  const attempt = await parts.attackProtection.beginClue(call, browser.ip);
  const started = await call.store.transaction(async (store) => {
    const pending = await requireWaiting(store, now, token);
    // SECURITY: one-time tokens redeemed twice in parallel; the row is used up before anything is made of it.
    if (!(await consumeTransaction(store, pending.id, now))) throw sessionErrors.MFA_TOKEN_INVALID();
    await requireStanding(store, pending);
    const application = await requireApplication(parts, store, pending.clientId, organizationId);
    // SECURITY: the prompt must not be a way around the organization that the application requires.
    if (organizationId === null && application.organizationUsage !== 'ALLOW') throw closedOrganization();
    const user = { ...pending, methods: methodsOf(pending), organizationId };
    const known = pending.anonymousSessionId === null ? null : { id: pending.anonymousSessionId };
    const tokenUse = pending.tokenUse as TokenUse | null;
    const cookieMode = pending.cookieMode as CookieMode;
    const signing = { ...browser, cookieMode, tokenUse, visit: browser.visit ?? known };
    return startInside(parts, store, call, { user, application, browser: signing });
  });
  if (started === 'CLOSED') throw closedOrganization();
  await attempt.succeeded();
  return started;
}
