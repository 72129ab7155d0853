import type { Call } from '#src/access/call';
import type { LinkingParts } from '#src/features/linking/linking-parts';
import { ticketKinds } from '#src/features/tickets/ticket.service';
import type { UserRow } from '#src/features/users/user-row';
import type { Store } from '#src/storage/store';

/**
 * Takes away everything by which whoever made an account could come back to it, or could have prepared it: password, linked identities, the
 * profile but the address, metadata, factors, sessions and tokens, changes and deletions under way. The address counts as verified afterwards.
 * What administrators gave stays: roles, permissions, memberships. Inside the transaction of `store`, with the user locked.
 */
export async function emptyAccount(
  parts: LinkingParts,
  store: Store,
  call: Call,
  user: UserRow,
  unknownHash: string | null,
): Promise<void> {
  const { users, passwords, identities, methods, metadata, tickets, sessions, attackProtection } = parts;
  const { id } = user;
  await passwords.forgetAll(store, call, id, unknownHash);
  await identities.removeLinked(store, id);
  await methods.clear(store, call, user);
  await metadata.erase(store, call, id);
  await users.reduceToAddress(call, store, user);
  await tickets.discard(store, id, ticketKinds);
  await parts.keepAccount(store, id);
  await attackProtection.forget(store, id);
  await sessions.endForEvent(store, call, id, 'reclaimed');
}
