import type { Call } from '#src/access/call';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ProvenMethod, ProvenUser, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { countLogin, readUserState } from '#src/features/sessions/minting/user-state.repository';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { Store } from '#src/storage/store';
import { askFurther, type LoginOutcome } from './ask-further';
import { closedOrganization, type CompleteParts } from './complete-sign-in';
import { recordSignIn } from './start-after-proof';
import { startOrChoose } from './start-or-choose';

export interface FirstFactor {
  readonly userId: string;
  /** The user's credential epoch when the proof was checked; left out: as it is now, for who vouched just before. */
  readonly credentialEpoch?: number;
  readonly method: Omit<ProvenMethod, 'timestamp'>;
  /** What was proved before it. */
  readonly before?: readonly Omit<ProvenMethod, 'timestamp'>[];
  readonly organizationId: string | null;
  readonly application: ApplicationRow | null;
}

/**
 * The way from a proven first factor to a session, whoever proved it: a password here, a directory, an identity provider. INVALID_CREDENTIALS
 * for a user who is blocked or gone. `first` runs in the same transaction, before anything else is done for the user.
 */
export async function signInProven(
  parts: CompleteParts,
  call: Call,
  { userId, credentialEpoch, method, before = [], organizationId, application }: FirstFactor,
  browser: SigningBrowser,
  first: (store: Store) => Promise<void> = () => Promise.resolve(),
): Promise<LoginOutcome> {
  const outcome = await call.store.transaction(async (store): Promise<LoginOutcome | 'CLOSED' | null> => {
    const state = await readUserState(store, userId, true);
    if (state === null) return null;
    if (state.blocked) {
      await countLogin(store, userId, { now: call.clock.now(), ip: browser.ip });
      await recordSignIn(parts.audit, store, call, { userId, sessionId: null });
      return null;
    }
    await first(store);
    const user: ProvenUser = {
      ...{ userId, credentialEpoch: credentialEpoch ?? state.credentialEpoch, organizationId },
      methods: [...before, method].map((one) => ({ ...one, timestamp: call.clock.now() })),
      clientId: application?.id ?? null,
    };
    const waiting = await askFurther(parts.hooks, store, call, user, browser);
    if (waiting !== null) return waiting;
    return startOrChoose(parts, store, call, { user, application, browser });
  });
  if (outcome === null) throw sessionErrors.INVALID_CREDENTIALS();
  if (outcome === 'CLOSED') throw closedOrganization();
  return outcome;
}
