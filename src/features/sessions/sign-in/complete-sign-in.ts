import type { Call } from '#src/access/call';
import type { ApplicationService } from '#src/features/applications/application.service';
import { requireStanding } from '#src/features/sessions/minting/mint-session';
import type { ProvenMethod, SigningBrowser, TokenUse } from '#src/features/sessions/minting/proven-user';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import type { CookieMode } from '#src/features/sessions/session-policy';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { requireApplication } from './sign-in-application';
import { askFurther, type LoginOutcome } from './ask-further';
import { requireTransaction } from './pending-sign-in';
import type { Challenge } from './sign-in-hooks';
import { consumeTransaction } from './sign-in-transaction.repository';
import { startOrChoose, type ChooseParts } from './start-or-choose';

export interface CompleteParts extends ChooseParts {
  readonly applications: ApplicationService;
}

/** What a step of a sign-in writes about the user, in the transaction that uses its token up. */
export type StepWork = (store: Store, userId: string) => Promise<void>;

/**
 * Goes on with a sign-in whose next step was just taken: to its session, or to a step that is still missing. One of several at once wins;
 * the others get MFA_TOKEN_INVALID, and a user who was blocked or whose credentials changed meanwhile INVALID_CREDENTIALS. `passed` names the
 * page elsewhere from which the browser came back; only with it a sign-in goes on that waits for one.
 */
export async function completeSignIn(
  parts: CompleteParts,
  call: Call,
  token: string,
  method: Omit<ProvenMethod, 'timestamp'> | null,
  browser: Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>,
  work: StepWork = () => Promise.resolve(),
  passed: string | null = null,
): Promise<LoginOutcome> {
  const now = call.clock.now();
  const outcome = await call.store.transaction(async (store): Promise<LoginOutcome | 'CLOSED'> => {
    const pending = await requireTransaction(store, now, token);
    // Everything is proved there, and the organization is what is missing.
    if (pending.kind === 'organization') throw sessionErrors.MFA_TOKEN_INVALID();
    // SECURITY: a page that has to be visited is passed by coming back from it, and by no other step.
    if ((pending.kind === 'redirect') !== (passed !== null)) throw sessionErrors.MFA_TOKEN_INVALID();
    // SECURITY: one-time tokens redeemed twice in parallel; the row is used up before anything is made of it.
    if (!(await consumeTransaction(store, pending.id, now))) throw sessionErrors.MFA_TOKEN_INVALID();
    await requireStanding(store, pending);
    await work(store, pending.userId);
    // The step may have been a change of the credentials itself.
    const state = await readUserState(store, pending.userId, true);
    const proven = pending.methods as readonly ProvenMethod[];
    const user = {
      ...pending,
      credentialEpoch: state?.credentialEpoch ?? pending.credentialEpoch,
      passedSteps: passed === null ? pending.passedSteps : [...pending.passedSteps, passed],
      methods: method === null ? proven : [...proven, { ...method, timestamp: now }],
    };
    const application =
      pending.clientId === null
        ? null
        : await requireApplication(parts, store, pending.clientId, pending.organizationId);
    const tokenUse = pending.tokenUse as TokenUse | null;
    const known = pending.anonymousSessionId === null ? null : { id: pending.anonymousSessionId };
    const visit = browser.visit ?? known;
    const signing = { ...browser, cookieMode: pending.cookieMode as CookieMode, tokenUse, visit };
    // The next page is of the same kind as the last one.
    const done = passed === null ? (pending.kind as Challenge['kind']) : null;
    const waiting = await askFurther(parts.hooks, store, call, user, signing, done);
    if (waiting !== null) return waiting;
    return startOrChoose(parts, store, call, { user, application, browser: signing });
  });
  if (outcome === 'CLOSED') throw closedOrganization();
  return outcome;
}

/** SECURITY: one answer for an organization that does not exist, is closed to the connection or the application, or has other members. */
export function closedOrganization(): GatehouseError {
  return commonErrors.FORBIDDEN({ message: 'You cannot sign in to this organization.' });
}
