import type { Call } from '#src/access/call';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { requireStanding } from '#src/features/sessions/minting/mint-session';
import type { ProvenMethod, ProvenUser, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { countLogin, readUserState } from '#src/features/sessions/minting/user-state.repository';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { closedOrganization, suspendSignIn, type CompleteParts } from './complete-sign-in';
import type { SignInHooks } from './sign-in-hooks';
import { recordSignIn, startAfterProof, type ProvenSession } from './start-after-proof';

/** How a sign-in ended: only LOGGED_IN has a session. */
export type LoginOutcome =
  | ({ readonly kind: 'LOGGED_IN' } & ProvenSession)
  | {
      readonly kind: 'MFA_CHALLENGE';
      readonly mfaToken: string;
      readonly factors: readonly string[];
      readonly expiresAt: Instant;
    }
  | { readonly kind: 'EMAIL_VERIFICATION_REQUIRED' }
  | {
      readonly kind: 'PASSWORD_CHANGE_REQUIRED';
      readonly changeToken: string;
      readonly reason: string;
      readonly expiresAt: Instant;
    };

export interface ProvenParts extends CompleteParts {
  readonly hooks: SignInHooks;
}

export interface FirstFactor {
  readonly userId: string;
  /** The user's credential epoch when the proof was checked; left out: as it is now, for who vouched just before. */
  readonly credentialEpoch?: number;
  readonly method: Omit<ProvenMethod, 'timestamp'>;
  readonly organizationId: string | null;
  readonly application: ApplicationRow | null;
}

/**
 * The way from a proven first factor to a session, whoever proved it: a password here, a directory, an identity provider. INVALID_CREDENTIALS
 * for a user who is blocked or gone. `first` runs in the same transaction, before anything else is done for the user.
 */
export async function signInProven(
  parts: ProvenParts,
  call: Call,
  { userId, credentialEpoch, method, organizationId, application }: FirstFactor,
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

/** What a later feature puts between the first factor and the session; null: nothing. */
async function challenge(
  { hooks }: ProvenParts,
  store: Store,
  call: Call,
  user: ProvenUser,
  { cookieMode, tokenUse = null, visit = null }: SigningBrowser,
): Promise<Exclude<LoginOutcome, { kind: 'LOGGED_IN' }> | null> {
  await requireStanding(store, user);
  for (const hook of hooks.afterFirstFactor) {
    const asked = await hook(store, call, user);
    if (asked === null) continue;
    if (asked.kind === 'email-verification') return { kind: 'EMAIL_VERIFICATION_REQUIRED' };
    const factors = asked.kind === 'mfa' ? asked.factors : [];
    const { token, expiresAt } = await suspendSignIn(store, call, {
      kind: asked.kind,
      user,
      factors,
      cookieMode,
      tokenUse,
      visit,
    });
    return asked.kind === 'mfa'
      ? { kind: 'MFA_CHALLENGE', mfaToken: token, factors, expiresAt }
      : { kind: 'PASSWORD_CHANGE_REQUIRED', changeToken: token, reason: asked.reason, expiresAt };
  }
  return null;
}
