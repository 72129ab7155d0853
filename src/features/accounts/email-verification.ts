import type { Call } from '#src/access/call';
import { foldOptional, foldText } from '#src/features/users/fold-text';
import type { Asked } from '#src/features/tickets/asker';
import type { TicketRow } from '#src/features/tickets/ticket.repository';
import { ticketErrors } from '#src/features/tickets/ticket.errors';
import { defaultConnection } from '#src/features/connections/connection.service';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { accountMail } from './account-mail.job';
import { findAccountById, findAccountByIdentifier, type AccountRow } from './account.repository';
import {
  actingFor,
  checkedAddress,
  requireDatabase,
  type AccountParts,
  type AskingFrom,
} from './account-parts';
import { isAsker, requireAsker, type AskerGiven, type UsingBrowser } from './require-asker';

export interface VerificationRequest {
  /** Absent: the signed-in user's own address. */
  readonly email?: string | null;
  readonly connection?: string | null;
}

/** Sends link and code once more, if the address has an account and is not verified. The answer is the same for every address, but for its code. */
export async function requestEmailVerification(
  parts: AccountParts,
  call: Call,
  { email, connection }: VerificationRequest,
  { ip, ...browser }: AskingFrom,
): Promise<Asked> {
  const address = await addressed(parts, call, email, connection);
  await parts.attackProtection.beginMail(call, 'verify-email', { ...address, ip });
  const account = await findAccountByIdentifier(call.store, address.connection, address.identifier);
  const asked = parts.tickets.ask(call, browser);
  const userId = account?.id ?? null;
  await call.store.transaction(async (store) => {
    await enqueueJob(store, call, accountMail, { purpose: 'verify-email', userId, asker: asked.asker });
  });
  return asked;
}

async function addressed(
  parts: AccountParts,
  call: Call,
  email: string | null | undefined,
  connection: string | null | undefined,
): Promise<{ connection: string; identifier: string }> {
  if (email) {
    const { name } = await requireDatabase(parts, call.store, connection);
    return { connection: name, identifier: checkedAddress(email).folded };
  }
  const own = await requireOwn(call);
  return { connection: own.connection, identifier: foldText(own.email ?? '') };
}

async function requireOwn({ principal, store }: Call): Promise<AccountRow> {
  const own = principal.userId === null ? null : await findAccountById(store, principal.userId);
  if (own !== null) return own;
  throw commonErrors.VALIDATION_FAILED({
    message: 'Name the e-mail address, or sign in.',
    extensions: { field: 'email' },
  });
}

export interface Verification extends AskerGiven {
  /** The last part of the link. */
  readonly ticket?: string | null;
  /** The six digits; with the address, unless the user is signed in. */
  readonly code?: string | null;
  readonly email?: string | null;
  readonly connection?: string | null;
}

/**
 * Verifies an address by the token of a link or by six digits, for whoever asked for them (see `require-asker.ts`); TICKET_INVALID for whatever
 * is wrong with them.
 */
export async function verifyEmailAddress(
  parts: AccountParts,
  call: Call,
  given: Verification,
  browser: UsingBrowser,
): Promise<void> {
  if (given.ticket) {
    const ticket = await parts.tickets.require(call, 'verify-email', given.ticket);
    await requireAsker(parts, call, ticket, given, browser);
    await call.store.transaction(async (store) => {
      await parts.tickets.take(store, call, ticket);
      await markVerified(parts, store, call, ticket);
    });
    return;
  }
  const userId = await userOfCode(call, given);
  const code = { userId, code: given.code ?? '' };
  const ticket = await parts.tickets.takeCode(call, 'verify-email', code, (found) =>
    isAsker(parts, call, found, given, browser),
  );
  await call.store.transaction((store) => markVerified(parts, store, call, ticket));
}

/** SECURITY: a code for an address that nobody has is answered like a wrong one. */
async function userOfCode(call: Call, { email, connection }: Verification): Promise<string> {
  if (!email && call.principal.userId !== null) return call.principal.userId;
  if (!email) throw ticketErrors.TICKET_INVALID();
  const account = await findAccountByIdentifier(
    call.store,
    connection ?? defaultConnection,
    checkedAddress(email).folded,
  );
  if (account === null) throw ticketErrors.TICKET_INVALID();
  return account.id;
}

/** Marks the address of a ticket as verified. TICKET_INVALID when the user has another address by now. */
export async function markVerified(
  parts: AccountParts,
  store: Store,
  call: Call,
  { id, userId, address }: TicketRow,
): Promise<void> {
  const account = await findAccountById(store, userId, true);
  if (account === null || foldOptional(account.email) !== address) throw ticketErrors.TICKET_INVALID();
  if (account.emailVerified === true) return;
  await parts.users.update(actingFor(call, id, store), { id: userId, emailVerified: true });
}
