import { createHash } from 'node:crypto';
import type { Call } from '#src/access/call';
import type { ApplicationService } from '#src/features/applications/application.service';
import { visitToAdopt } from '#src/features/sessions/activity/adopt-visit';
import { requireStanding } from '#src/features/sessions/minting/mint-session';
import type {
  ProvenMethod,
  ProvenUser,
  SigningBrowser,
  TokenUse,
  Visit,
} from '#src/features/sessions/minting/proven-user';
import type { CookieMode } from '#src/features/sessions/session-policy';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { Instant } from '#src/shared/clock';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { requireApplication } from './sign-in-application';
import {
  consumeTransaction,
  findTransaction,
  insertTransaction,
  type SignInTransactionRow,
} from './sign-in-transaction.repository';
import { startAfterProof, type ProvenSession, type StartParts } from './start-after-proof';

const lifetimeMs = 10 * 60_000;
const tokenForm = /^mfa_[\w-]{43}$/;

/** A sign-in that goes on after its first factor. */
export interface PendingSignIn {
  /** For the one who signs in; its hash is stored. */
  readonly token: string;
  readonly expiresAt: Instant;
}

export interface Pending {
  readonly kind: 'mfa' | 'password-change';
  readonly user: ProvenUser;
  readonly factors: readonly string[];
  readonly cookieMode: CookieMode;
  readonly tokenUse?: TokenUse | null;
  readonly visit?: Visit | null;
}

/** Remembers a proven first factor for ten minutes. */
export async function suspendSignIn(store: Store, call: Call, pending: Pending): Promise<PendingSignIn> {
  const { kind, user, factors, cookieMode, tokenUse = null, visit = null } = pending;
  const token = `mfa_${call.ids.secret(32)}`;
  const now = call.clock.now();
  const expiresAt = now + lifetimeMs;
  const adopted = await visitToAdopt(store, call, visit, user.clientId);
  await insertTransaction(store, {
    ...{ id: call.ids.next('txn'), tokenHash: hashOf(token), kind },
    ...{ userId: user.userId, credentialEpoch: user.credentialEpoch, methods: user.methods },
    ...{ organizationId: user.organizationId, clientId: user.clientId, cookieMode, factors },
    ...{ tokenUse, anonymousSessionId: adopted?.id ?? null },
    ...{ createdAt: now, expiresAt, consumedAt: null },
  });
  return { token, expiresAt };
}

/** Who is signing in under a token, for those who check the second factor; MFA_TOKEN_INVALID when it is unknown, used or too old. */
export async function findPendingSignIn(
  store: Store,
  now: Instant,
  token: string,
): Promise<Pick<SignInTransactionRow, 'userId' | 'kind' | 'factors' | 'methods' | 'clientId'>> {
  return requireTransaction(store, now, token);
}

async function requireTransaction(store: Store, now: Instant, token: string): Promise<SignInTransactionRow> {
  const found = tokenForm.test(token) ? await findTransaction(store, hashOf(token), now) : null;
  if (found === null) throw sessionErrors.MFA_TOKEN_INVALID();
  return found;
}

export interface CompleteParts extends StartParts {
  readonly applications: ApplicationService;
}

/**
 * Starts the session of a sign-in whose second step was just checked. One of several at once wins; the others, and a user who was blocked
 * or whose credentials changed meanwhile, get MFA_TOKEN_INVALID.
 */
export async function completeSignIn(
  parts: CompleteParts,
  call: Call,
  token: string,
  method: Omit<ProvenMethod, 'timestamp'> | null,
  browser: Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>,
): Promise<ProvenSession> {
  const now = call.clock.now();
  const started = await call.store.transaction(async (store) => {
    const pending = await requireTransaction(store, now, token);
    // SECURITY: one-time tokens redeemed twice in parallel; the row is used up before anything is made of it.
    if (!(await consumeTransaction(store, pending.id, now))) throw sessionErrors.MFA_TOKEN_INVALID();
    await requireStanding(store, pending);
    const proven = pending.methods as readonly ProvenMethod[];
    const user = {
      ...pending,
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
    return startAfterProof(parts, store, call, { user, application, browser: signing });
  });
  if (started === 'CLOSED') throw closedOrganization();
  return started;
}

/** SECURITY: one answer for an organization that does not exist, is closed to the connection or the application, or has other members. */
export function closedOrganization(): GatehouseError {
  return commonErrors.FORBIDDEN({ message: 'You cannot sign in to this organization.' });
}

function hashOf(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}
