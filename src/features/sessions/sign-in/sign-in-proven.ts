import type { Call } from '#src/access/call';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ProvenMethod, ProvenUser, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { countLogin, readUserState } from '#src/features/sessions/minting/user-state.repository';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { closedOrganization } from './complete-sign-in';
import { challenge, type LoginOutcome, type SignInParts } from './sign-in';
import { recordSignIn, startAfterProof } from './start-after-proof';

export interface ProvenElsewhere {
  readonly userId: string;
  readonly method: Omit<ProvenMethod, 'timestamp'>;
  readonly organizationId: string | null;
  readonly application: ApplicationRow | null;
}

/**
 * Signs in a user whom an identity provider has proved: the same steps as after a right password. INVALID_CREDENTIALS for a user who is
 * blocked or gone.
 */
export async function signInProven(
  parts: SignInParts,
  call: Call,
  { userId, method, organizationId, application }: ProvenElsewhere,
  browser: SigningBrowser,
): Promise<LoginOutcome> {
  const outcome = await call.store.transaction(async (store): Promise<LoginOutcome | 'CLOSED' | null> => {
    const state = await readUserState(store, userId, true);
    if (state === null) return null;
    if (state.blocked) {
      await countLogin(store, userId, { now: call.clock.now(), ip: browser.ip });
      await recordSignIn(parts.audit, store, call, { userId, sessionId: null });
      return null;
    }
    const user: ProvenUser = {
      ...{ userId, credentialEpoch: state.credentialEpoch, organizationId },
      methods: [{ ...method, timestamp: call.clock.now() }],
      clientId: application?.id ?? null,
    };
    const waiting = await challenge(parts, store, call, user, browser);
    if (waiting !== null) return waiting;
    const started = await startAfterProof(parts, store, call, { user, application, browser });
    return started === 'CLOSED' ? started : { kind: 'LOGGED_IN', ...started };
  });
  if (outcome === null) throw sessionErrors.INVALID_CREDENTIALS();
  if (outcome === 'CLOSED') throw closedOrganization();
  return outcome;
}
