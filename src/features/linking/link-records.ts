import type { Call } from '#src/access/call';
import type { IdentityRow } from '#src/features/identities/identity.repository';
import { accountLinked } from '#src/features/mail/templates/account-linked';
import type { UserRow } from '#src/features/users/user-row';
import type { Store } from '#src/storage/store';
import type { LinkingParts } from './linking-parts';
import { undoTicket } from '#src/features/linking/undo/undo-link';

/** AUTO: without a question; PROVEN: the account was proved; RECLAIMED: it was emptied; SESSION: from a session of the user. */
export type LinkedHow = 'AUTO' | 'PROVEN' | 'RECLAIMED' | 'SESSION';

/** What follows every new identity: the record of it, and a message, with a way back where nobody was asked. */
export async function recordLink(
  parts: Pick<LinkingParts, 'audit' | 'mail' | 'tickets'>,
  store: Store,
  call: Call,
  {
    user,
    identity,
    how,
  }: { readonly user: UserRow; readonly identity: IdentityRow; readonly how: LinkedHow },
): Promise<void> {
  const { provider, connection } = identity;
  await parts.audit.record(store, call, {
    ...{ action: 'identity.link', targetType: 'User', targetId: user.id, changedPaths: ['identities'] },
    details: { how, provider, connection },
  });
  if (user.email === null) return;
  const undoUrl = how === 'AUTO' ? await undoTicket(parts, store, call, identity) : null;
  const variables = { change: 'LINKED' as const, connection, at: call.clock.now(), undoUrl };
  await parts.mail.notify(store, call, { to: user.email, template: accountLinked, variables });
}
