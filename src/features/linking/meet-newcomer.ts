import type { Met } from '#src/features/profiles/logins/login.service';
import type { Arrival } from '#src/features/profiles/logins/record-login';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { Call } from '#src/access/call';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { findCandidate } from '#src/features/linking/candidates/find-candidate';
import { recordLink } from './link-records';
import type { LinkingParts } from './linking-parts';
import { keepPending, type WaitingSignIn } from './pending-link';

/** What a sign-in waits for before anything is linked. */
export type WaitingLink =
  /** The user's second factor, which the sign-in of that user asks for. */
  | { readonly kind: 'USER'; readonly userId: string; readonly linkId: string }
  /** An answer by `respondToLinkPrompt` or `reclaimAccount`. */
  | { readonly kind: 'PROMPT'; readonly linkToken: string };

/**
 * Decides about an identity that nobody here has yet, inside the transaction that would make its user: it becomes one of a user who has the
 * same address, waits for a proof, or is a user of its own. SECURITY: two sign-ins at once; the candidate is locked, and of two that attach
 * the same identity one is told CONFLICT and finds it there when it tries again.
 */
export async function meetNewcomer(
  parts: LinkingParts,
  store: Store,
  call: Call,
  arrival: Arrival,
  signIn: WaitingSignIn,
): Promise<Met<WaitingLink>> {
  const { connection, providerUserId } = arrival;
  const found = await findCandidate(parts, store, call, arrival.profileFor([]), arrival.claims);
  if (found === null) return { kind: 'NEW' };
  const { user, decision } = found;
  // Somebody attached it while this waited for the candidate.
  if ((await parts.identities.find(store, connection.name, [providerUserId])) !== null)
    throw commonErrors.CONFLICT();
  if (decision === 'ATTACH') {
    const newcomer = { connection, providerUserId, profileData: null };
    const identity = await parts.identities.attach(store, call, user.id, newcomer);
    await recordLink(parts, store, call, { user, identity, how: 'AUTO' });
    return { kind: 'ATTACHED' };
  }
  const { organizations } = await objectFactsOf(call, store, user.id);
  const pending = { profile: arrival.profileFor(organizations), providerUserId, signIn };
  const kept = await keepPending(parts, store, call, { kind: decision, userId: user.id, arrival: pending });
  return {
    kind: 'WAITS',
    waiting:
      decision === 'FACTOR'
        ? { kind: 'USER', userId: user.id, linkId: kept.id }
        : { kind: 'PROMPT', linkToken: kept.token },
  };
}
