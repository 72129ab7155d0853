import type { Call } from '#src/access/call';
import { attachArrival, stillTheSame } from '#src/features/linking/attach-pending';
import type { LinkingParts } from '#src/features/linking/linking-parts';
import { linkingErrors } from '#src/features/linking/linking.errors';
import { usePendingLink } from '#src/features/linking/pending-link.repository';
import {
  federatedMethod,
  signInWaiting,
  type AnsweringBrowser,
} from '#src/features/linking/prompts/answer-prompt';
import { requireWaiting } from '#src/features/linking/prompts/link-prompt';
import { takeLinkCode, type CodeAnswer } from '#src/features/linking/prompts/mail-code';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import { actingFor } from '#src/features/accounts/account-parts';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import { emptyAccount } from './empty-account';

/**
 * Gives an account whose address was never verified to whoever reads the mail of the address: takes away, in one transaction, everything that
 * whoever made it may have left there, marks the address as verified and attaches the identity that waits; then signs in.
 * INVALID_CREDENTIALS for wrong digits, LINK_TOKEN_INVALID, LINK_CONFLICT where the account has changed.
 */
export async function reclaimAccount(
  parts: LinkingParts,
  call: Call,
  { linkToken, ...answer }: CodeAnswer & { readonly linkToken: string },
  browser: AnsweringBrowser,
): Promise<SignedInOutcome> {
  const waiting = await requireWaiting(parts, call, linkToken);
  const { row, arrival } = waiting;
  const userId = waiting.user.id;
  if (row.kind !== 'RECLAIM') throw myAccountErrors.LINK_CONFLICT();
  await takeLinkCode(parts, call, waiting, answer);
  // SECURITY: a system from which users are yet to come would take the former password once more; one that nobody knows stops that.
  const { connection, email } = waiting.user;
  const isElsewhere = await parts.users.isKnownElsewhere(call, connection, email ?? '').catch(() => true);
  const unknownHash = isElsewhere ? await parts.passwords.hashMigrated(call.ids.secret(32)) : null;
  await call.store.transaction(async (store) => {
    if (!(await usePendingLink(store, row.id, call.clock.now()))) throw linkingErrors.LINK_TOKEN_INVALID();
    const user = await stillTheSame(parts, store, call, arrival, row.kind);
    // SECURITY: an account that was verified meanwhile has an owner, whose things must not go.
    if (user?.id !== userId || user.blocked || user.emailVerified === true)
      throw myAccountErrors.LINK_CONFLICT();
    const acting = actingFor(call, row.id, store);
    await emptyAccount(parts, store, acting, user, unknownHash);
    await parts.audit.record(store, acting, {
      ...{ action: 'user.reclaim', targetType: 'User', targetId: userId },
      changedPaths: ['email_verified', 'identities', 'user_metadata', 'app_metadata', 'multifactor'],
    });
    await attachArrival(parts, store, acting, { user, arrival, how: 'RECLAIMED' });
  });
  parts.users.announce(userId);
  return signInWaiting(parts, call, arrival, browser, { userId, method: federatedMethod(arrival) });
}
