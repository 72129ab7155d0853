import type { Call } from '#src/access/call';
import { visitToAdopt } from '#src/features/sessions/activity/adopt-visit';
import type { ProvenUser, TokenUse, Visit } from '#src/features/sessions/minting/proven-user';
import type { CookieMode } from '#src/features/sessions/session-policy';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import {
  findTransaction,
  insertTransaction,
  type SignInTransactionRow,
} from './sign-in-transaction.repository';
import { hashSecret } from '#src/shared/secret-hash';

const lifetimeMs = 10 * 60_000;
/** Whoever is at a page elsewhere has an hour. */
const awayMs = 60 * 60_000;
const tokenForm = /^mfa_[\w-]{43}$/;

/** A sign-in that goes on after its first factor. */
export interface PendingSignIn {
  /** For the one who signs in; its hash is stored. */
  readonly token: string;
  readonly expiresAt: Instant;
}

export interface Pending {
  readonly kind: 'mfa' | 'password-change' | 'organization' | 'redirect';
  readonly user: ProvenUser;
  readonly factors: readonly string[];
  readonly cookieMode: CookieMode;
  readonly tokenUse?: TokenUse | null;
  readonly visit?: Visit | null;
}

/** Remembers what was proved for ten minutes, or for an hour where a page elsewhere is visited. */
export async function suspendSignIn(store: Store, call: Call, pending: Pending): Promise<PendingSignIn> {
  const { kind, user, factors, cookieMode, tokenUse = null, visit = null } = pending;
  const token = `mfa_${call.ids.secret(32)}`;
  const now = call.clock.now();
  const expiresAt = now + (kind === 'redirect' ? awayMs : lifetimeMs);
  const adopted = await visitToAdopt(store, call, visit, user.clientId);
  await insertTransaction(store, {
    ...{ id: call.ids.next('txn'), tokenHash: hashSecret(token), kind },
    ...{ userId: user.userId, credentialEpoch: user.credentialEpoch, methods: user.methods },
    ...{ organizationId: user.organizationId, clientId: user.clientId, cookieMode, factors },
    ...{ tokenUse, anonymousSessionId: adopted?.id ?? null, passedSteps: user.passedSteps ?? [] },
    ...{ createdAt: now, expiresAt, consumedAt: null },
  });
  return { token, expiresAt };
}

/** Who is signing in under a token, for those who check the second factor; MFA_TOKEN_INVALID when it is unknown, used or too old. */
export async function findPendingSignIn(
  store: Store,
  now: Instant,
  token: string,
): Promise<
  Pick<
    SignInTransactionRow,
    'userId' | 'kind' | 'factors' | 'methods' | 'clientId' | 'organizationId' | 'cookieMode'
  >
> {
  return requireTransaction(store, now, token);
}

/** The same with everything that is remembered. */
export async function requireTransaction(
  store: Store,
  now: Instant,
  token: string,
): Promise<SignInTransactionRow> {
  const found = tokenForm.test(token) ? await findTransaction(store, hashSecret(token), now) : null;
  if (found === null) throw sessionErrors.MFA_TOKEN_INVALID();
  return found;
}
