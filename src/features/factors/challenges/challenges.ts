import type { Call } from '#src/access/call';
import type { DerivedKey } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type { FactorTypeName } from '#src/features/factors/factor-kind';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import {
  countAttempt,
  deleteChallenge,
  deleteExpiredChallenges,
  findChallenge,
  insertChallenge,
  type ChallengeRow,
} from './factor-challenge.repository';
import { hashSecret } from '#src/shared/secret-hash';

/** What a challenge may be used for. SECURITY: one that was made for one use opens no other. */
export type ChallengePurpose = 'enrollment' | 'proof' | 'passkey-sign-in' | 'account-link' | 'link-prompt';

export interface NewChallenge {
  readonly purpose: ChallengePurpose;
  readonly type: FactorTypeName;
  /** Null: nobody is known yet. */
  readonly userId: string | null;
  readonly methodId: string | null;
  readonly binding: string | null;
  /** What the answer is compared with. */
  readonly state: string | null;
  readonly lifetimeMs: number;
}

export interface BegunChallenge {
  /** Names the challenge; told once and stored nowhere. */
  readonly secret: string;
  readonly expiresAt: Instant;
}

export interface OpenChallenge {
  readonly secretHash: string;
  readonly type: string;
  readonly userId: string | null;
  readonly methodId: string | null;
  readonly state: string | null;
  readonly createdAt: Instant;
  /** Answers that may still be tried after this one. */
  readonly attemptsLeft: number;
}

export type Ring = () => readonly DerivedKey[];

const secretBytes = 32;
const secretForm = /^[A-Za-z0-9_-]{43}$/;

/** Wrong answers that end a challenge. */
export const mostAttempts = 5;

const forgottenAtOnce = 20;

export async function beginChallenge(
  ring: Ring,
  store: Store,
  call: Call,
  { state, lifetimeMs, ...challenge }: NewChallenge,
): Promise<BegunChallenge> {
  const now = call.clock.now();
  const secret = call.ids.secret(secretBytes);
  const secretHash = hashSecret(secret);
  await deleteExpiredChallenges(store, now, forgottenAtOnce);
  const expiresAt = now + lifetimeMs;
  await insertChallenge(store, {
    ...challenge,
    secretHash,
    state: state === null ? null : sealText(ring(), secretHash, state),
    attempts: 0,
    createdAt: now,
    expiresAt,
  });
  return { secret, expiresAt };
}

export interface Answering {
  readonly secret: string;
  readonly purpose: ChallengePurpose;
  readonly userId: string | null;
  readonly binding: string | null;
}

/** The challenge as it stands, without counting; null as for `attemptChallenge`. For those who prepare an answer. */
export async function peekChallenge(
  ring: Ring,
  store: Store,
  call: Call,
  answering: Answering,
): Promise<OpenChallenge | null> {
  const row = await findOpen(store, call, answering);
  return row === null ? null : opened(ring, row);
}

/**
 * The challenge, with one attempt more counted; null when it is unknown, over, somebody else's, or was tried too often. SECURITY:
 * guesses sent at the same time are counted one by one, before any of them is compared.
 */
export async function attemptChallenge(
  ring: Ring,
  store: Store,
  call: Call,
  answering: Answering,
): Promise<OpenChallenge | null> {
  const row = await findOpen(store, call, answering);
  if (row === null || !(await countAttempt(store, row))) return null;
  return opened(ring, { ...row, attempts: row.attempts + 1 });
}

async function findOpen(
  store: Store,
  call: Call,
  { secret, purpose, userId, binding }: Answering,
): Promise<ChallengeRow | null> {
  if (!secretForm.test(secret)) return null;
  const row = await findChallenge(store, hashSecret(secret));
  if (row === null || row.purpose !== purpose || row.userId !== userId || row.binding !== binding)
    return null;
  return row.expiresAt <= call.clock.now() || row.attempts >= mostAttempts ? null : row;
}

function opened(ring: Ring, row: ChallengeRow): OpenChallenge {
  const { secretHash, type, userId, methodId, createdAt, attempts } = row;
  const state = row.state === null ? null : openText(ring(), secretHash, row.state);
  return { secretHash, type, userId, methodId, createdAt, state, attemptsLeft: mostAttempts - attempts };
}

/** Ends a challenge; of answers at the same time exactly one is told true. */
export function endChallenge(
  store: Store,
  { secretHash }: { readonly secretHash: string },
): Promise<boolean> {
  return deleteChallenge(store, secretHash);
}
