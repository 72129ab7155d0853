import type { Call } from '#src/access/call';
import {
  createFailedAttempts,
  defaultAttemptLimits,
  type Attempt,
  type AttemptKey,
  type FailedAttempts,
} from '#src/features/attack-protection/failed-attempts';
import type { Clock } from '#src/shared/clock';

/** One guess that is under way; it counts as wrong until it is known to be right. */
export interface Guess {
  succeeded(): unknown;
  undecided(): unknown;
  failed(): unknown;
}

/** Counts guesses, each before it is looked at. Throws TOO_MANY_ATTEMPTS with `retryAfter` in seconds. */
export interface GuessCounter {
  /** A second factor of a user, wherever it comes from: after five wrong ones none for 15 minutes. */
  beginCode(call: Call, userId: string): Promise<Guess>;
  /** A password, counted like one of a sign-in. */
  beginSignIn(call: Call, guess: AttemptKey): Promise<Guess>;
}

const mostCodes = 5;

/** A counter beside the one of passwords. */
export function countGuesses(
  { passwordAttempts }: { readonly passwordAttempts: FailedAttempts },
  clock: Clock,
): GuessCounter {
  const codes = createFailedAttempts(clock, { ...defaultAttemptLimits, failures: mostCodes });
  const guess = (attempt: Attempt): Guess => ({ ...attempt, failed: () => undefined });
  return {
    beginCode: async (_call, identifier) => guess(codes.begin({ connection: 'mfa', identifier, ip: null })),
    beginSignIn: async (_call, key) => guess(passwordAttempts.begin(key)),
  };
}
