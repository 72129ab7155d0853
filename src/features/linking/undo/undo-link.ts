import type { Call } from '#src/access/call';
import { actingFor } from '#src/features/accounts/account-parts';
import type { IdentityRow } from '#src/features/identities/identity.repository';
import type { LinkingParts } from '#src/features/linking/linking-parts';
import type { TicketPage } from '#src/features/tickets/ticket-page';
import { ticketErrors } from '#src/features/tickets/ticket.errors';
import type { Store } from '#src/storage/store';

const lifetimeMs = 7 * 86_400_000;

/** The address of the page that takes a link back; one for each identity. Inside the transaction of `store`. */
export async function undoTicket(
  { tickets }: Pick<LinkingParts, 'tickets'>,
  store: Store,
  call: Call,
  { id, userId }: Pick<IdentityRow, 'id' | 'userId'>,
): Promise<string> {
  // SECURITY: another link must not make the way back from this one worthless.
  const { url } = await tickets.issue(store, call, {
    ...{ kind: 'undo-link', userId, lifetimeMs, data: { identityId: id }, keepsOthers: true },
  });
  return url;
}

/** The page behind the link of the message: only its button, which no mail scanner presses, does anything. */
export function undoLinkPage(parts: LinkingParts): TicketPage {
  return {
    kind: 'undo-link',
    title: 'Separate the accounts again',
    explanation:
      'A sign-in at another provider was added to your account because it has the same e-mail address. Press the button if that was not you: it becomes an account of its own, and whoever came in through it is signed out.',
    button: 'Separate them',
    consume: async (call, token) => {
      await undoLink(parts, call, token);
      return {
        title: 'Done',
        text: 'The accounts are separate again. If the sign-in was not yours, tell whoever runs the provider that somebody uses your address there.',
      };
    },
  };
}

/** Takes a link back: the identity becomes a user of its own, and the sessions that were opened through it end. TICKET_INVALID. */
async function undoLink(
  { tickets, users, identities, sessions, audit }: LinkingParts,
  call: Call,
  token: string,
): Promise<void> {
  const ticket = await tickets.require(call, 'undo-link', token);
  const { userId } = ticket;
  await call.store.transaction(async (store) => {
    await tickets.take(store, call, ticket);
    const acting = actingFor(call, ticket.id, store);
    await users.requireReachable(acting, store, userId);
    const own = await identities.list(store, userId);
    const leaving = own.find(({ id }) => id === ticket.data['identityId']);
    // Somebody has unlinked it already.
    if (!leaving || leaving.position === 0) throw ticketErrors.TICKET_INVALID();
    const { provider, providerUserId, connection } = leaving;
    await identities.unlink(acting, { userId, provider, providerUserId });
    await sessions.endForEvent(store, acting, userId, 'unlinked', { connection });
    await audit.record(store, acting, {
      ...{ action: 'identity.link_undone', targetType: 'User', targetId: userId },
      ...{ changedPaths: ['identities'], details: { provider, connection } },
    });
  });
  users.announce(userId);
}
