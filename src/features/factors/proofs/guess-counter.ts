import type { Call } from '#src/access/call';
import type { Guess as SignInGuess } from '#src/features/attack-protection/attack-counters';

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
  beginSignIn(call: Call, guess: SignInGuess): Promise<Guess>;
}
