import type { Call } from '#src/access/call';
import { commonErrors } from '#src/shared/errors';

/** How old the sign-in of a session may be when its user changes access rules. */
const maximumAgeSeconds = 15 * 60;

/**
 * SECURITY: a session left open on a desk must not open everybody's data. Callers who signed in with a session prove themselves again
 * when their sign-in is older than 15 minutes. Tokens that an operator issued without a session have no sign-in to repeat.
 */
export function requireRecentSignIn(call: Call): void {
  const { kind, sessionId, authenticatedAt } = call.principal;
  if (kind !== 'user' || sessionId === null) return;
  const age = call.clock.now() - (authenticatedAt ?? 0);
  if (age <= maximumAgeSeconds * 1000) return;
  throw commonErrors.STEP_UP_REQUIRED({
    message: 'Sign in again before you change access rules. Nothing was done.',
    extensions: { maxAgeSeconds: maximumAgeSeconds },
  });
}
