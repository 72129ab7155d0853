import type { Call } from '#src/access/call';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ProvenMethod, ProvenUser, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { countLogin, readUserState } from '#src/features/sessions/minting/user-state.repository';
import type { UserStanding } from '#src/features/users/standing';
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

/** Who signs in, found out inside the transaction of the sign-in. */
export interface FoundFactor extends FirstFactor {
  /** As the row says that this transaction has locked; null: not read yet. */
  readonly standing: UserStanding | null;
}

/**
 * The way from a proven first factor to a session, whoever proved it: a password here, a directory, an identity provider. INVALID_CREDENTIALS
 * for a user who is blocked or gone. `first` runs in the same transaction, before anything else is done for the user.
 */
export function signInProven(
  parts: CompleteParts,
  call: Call,
  proven: FirstFactor,
  browser: SigningBrowser,
  first: (store: Store) => Promise<void> = () => Promise.resolve(),
): Promise<LoginOutcome> {
  return signInFound(
    parts,
    call,
    () => Promise.resolve({ ...proven, standing: null }),
    browser,
    first,
  ) as Promise<LoginOutcome>;
}

/** The same where `find` says in the transaction who it is; null: nobody signs in yet, and what it wrote counts. */
export async function signInFound(
  parts: CompleteParts,
  call: Call,
  find: (store: Store) => Promise<FoundFactor | null>,
  browser: SigningBrowser,
  first: (store: Store) => Promise<void> = () => Promise.resolve(),
): Promise<LoginOutcome | null> {
  const outcome = await call.store.transaction(async (store) => {
    const found = await find(store);
    return found === null ? null : startFound(parts, store, call, found, browser, first);
  });
  if (outcome === 'REFUSED') throw sessionErrors.INVALID_CREDENTIALS();
  if (outcome === 'CLOSED') throw closedOrganization();
  return outcome;
}

async function startFound(
  parts: CompleteParts,
  store: Store,
  call: Call,
  { userId, credentialEpoch, method, before = [], organizationId, application, standing }: FoundFactor,
  browser: SigningBrowser,
  first: (store: Store) => Promise<void>,
): Promise<LoginOutcome | 'CLOSED' | 'REFUSED'> {
  const state = standing ?? (await readUserState(store, userId, true));
  if (state === null) return 'REFUSED';
  if (state.blocked) {
    await countLogin(store, userId, { now: call.clock.now(), ip: browser.ip });
    await recordSignIn(parts.audit, store, call, { userId, sessionId: null });
    return 'REFUSED';
  }
  // SECURITY: a proof that was overtaken; the credentials changed after they were checked.
  if (credentialEpoch !== undefined && credentialEpoch !== state.credentialEpoch)
    throw sessionErrors.INVALID_CREDENTIALS();
  await first(store);
  const user: ProvenUser = {
    ...{ userId, credentialEpoch: state.credentialEpoch, organizationId },
    methods: [...before, method].map((one) => ({ ...one, timestamp: call.clock.now() })),
    clientId: application?.id ?? null,
    hasMethods: state.hasMethods,
  };
  const waiting = await askFurther(parts.hooks, store, call, user, browser);
  if (waiting !== null) return waiting;
  return startOrChoose(parts, store, call, { user, application, browser });
}
