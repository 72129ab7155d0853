import type { Call } from '#src/access/call';
import type { LinkingParts } from '#src/features/linking/linking-parts';
import { linkingErrors } from '#src/features/linking/linking.errors';
import { openPending, requirePending, type PendingArrival } from '#src/features/linking/pending-link';
import { usePendingLink } from '#src/features/linking/pending-link.repository';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import type { ProvenMethod, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { FirstFactor } from '#src/features/sessions/sign-in/sign-in-proven';
import { requireApplication } from '#src/features/sessions/sign-in/sign-in-application';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import { GatehouseError } from '#src/shared/errors';
import { requireWaiting } from './link-prompt';
import { proveAccount, type AccountProof } from './prove-account';

export type AnsweringBrowser = Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>;

/**
 * Goes on with the account, once it is proved: after its second factor, if it has one, the new identity becomes one of it and the session
 * starts. A wrong proof leaves the prompt open for another.
 */
export async function acceptLink(
  parts: LinkingParts,
  call: Call,
  { linkToken, proof }: { readonly linkToken: string; readonly proof: AccountProof },
  browser: AnsweringBrowser,
): Promise<SignedInOutcome> {
  const waiting = await requireWaiting(parts, call, linkToken);
  const { row, arrival, user } = waiting;
  if (row.kind !== 'PROVE')
    throw myAccountErrors.LINK_CONFLICT({ message: 'This account can be reclaimed alone.' });
  // What is proved now must not have been overtaken by a change of the account while it was looked at.
  const credentialEpoch = await parts.sessions.epochOf(call.store, user.id);
  const proved = await proveAccount(parts, call, waiting, proof, browser.ip);
  const federated = { ...federatedMethod(arrival), link: row.id };
  return signInWaiting(parts, call, arrival, browser, {
    ...{ userId: user.id, before: [federated], method: proved },
    ...(credentialEpoch === null ? {} : { credentialEpoch }),
  });
}

/** Keeps the two apart: whoever waits becomes a user of its own and is signed in as that. */
export async function declineLink(
  parts: LinkingParts,
  call: Call,
  linkToken: string,
  browser: AnsweringBrowser,
): Promise<SignedInOutcome> {
  const now = call.clock.now();
  const { userId, arrival } = await call.store
    .transaction(async (store) => {
      const row = await requirePending(store, now, linkToken);
      // SECURITY: one token answered twice at once makes one user.
      if (!(await usePendingLink(store, row.id, now))) throw linkingErrors.LINK_TOKEN_INVALID();
      const opened = await openPending(parts, store, call, row, null);
      const { profile, providerUserId, signIn } = opened;
      if (!profile.connection.isEnabled) throw myAccountErrors.LINK_CONFLICT();
      const made = await parts.logins.settle(store, call, {
        ...{ profile, providerUserId, applicationId: signIn.clientId },
      });
      return { userId: made, arrival: opened };
    })
    .catch((error: unknown) => {
      // Somebody has the identity by now: another prompt of the same person was answered.
      if (error instanceof GatehouseError && error.code === 'CONFLICT') throw myAccountErrors.LINK_CONFLICT();
      throw error;
    });
  parts.users.announce(userId);
  return signInWaiting(parts, call, arrival, browser, { userId, method: federatedMethod(arrival) });
}

export function federatedMethod({ profile, signIn }: PendingArrival): Omit<ProvenMethod, 'timestamp'> {
  const multi = signIn.isMultiFactor ? { isMultiFactor: true as const } : {};
  return { name: 'federated', connection: profile.connection.name, ...multi };
}

/** The rest of the way is that of every sign-in. */
export async function signInWaiting(
  parts: LinkingParts,
  call: Call,
  { signIn: { clientId, organizationId, anonymousSessionId } }: PendingArrival,
  browser: AnsweringBrowser,
  proven: Omit<FirstFactor, 'organizationId' | 'application'>,
): Promise<SignedInOutcome> {
  const application = await requireApplication(parts, call.store, clientId, organizationId);
  const visit = browser.visit ?? (anonymousSessionId === null ? null : { id: anonymousSessionId });
  const signing = { ...browser, cookieMode: 'persistent' as const, visit };
  return parts.sessions.signInProven(call, { ...proven, organizationId, application }, signing);
}
