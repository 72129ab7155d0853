import type { Call } from '#src/access/call';
import { isDelegated } from '#src/access/principal';
import { ticketErrors } from '#src/features/tickets/ticket.errors';
import type { TicketRow } from '#src/features/tickets/ticket.repository';
import { accountErrors } from './account.errors';
import { findAccountById } from './account.repository';
import { provePassword } from './own-password';
import { actingFor, type AccountParts } from './account-parts';

/** By what somebody who holds the link of a message shows that the account is the own one. */
export interface AskerGiven {
  /** The letters that were shown where the message was asked for. */
  readonly confirmationCode?: string | null;
  /** The password of the account instead. */
  readonly password?: string | null;
}

/** From where a link is used. */
export interface UsingBrowser {
  readonly cookies: string | undefined;
  readonly ip: string | null;
}

/**
 * Whether more is needed than the link of a message about an address. SECURITY: verification bait. Somebody makes an account with the
 * address of another person, or wants to change to it, and waits for that person to press the button in the mail: then the account has an
 * address that counts as verified, and linking by verified address does the rest. So the link says no more than that its holder reads the
 * mail. That the holder has to do with the account tells the browser that asked, a session of the user, the code, or the password.
 *
 * The link is enough where nobody can have laid a bait: nobody has chosen a password for the account but an operator, or somebody who came
 * by a link in the mail of this account. An operator who makes an account vouches for it; so does who invites, and invitations have links of
 * their own. A change of address is asked for by the account itself, whoever has it.
 */
export async function needsAsker(
  parts: AccountParts,
  call: Call,
  ticket: TicketRow,
  cookies: string | undefined,
): Promise<boolean> {
  if (ticket.kind === 'verify-email' && !(await parts.passwords.isUnproven(call.store, ticket.userId)))
    return false;
  return !(await isAtHome(parts, call, ticket, cookies));
}

/** A session of the user, or the browser that asked. Who only acts in the name of the user says nothing about the mailbox. */
async function isAtHome(
  parts: AccountParts,
  call: Call,
  ticket: TicketRow,
  cookies: string | undefined,
): Promise<boolean> {
  const { principal } = call;
  if (principal.userId === ticket.userId && !isDelegated(principal)) return true;
  return parts.tickets.isAskedIn(call, ticket, cookies);
}

/**
 * Lets pass who may use the link of a message about an address; see `needsAsker`. CONFIRMATION_REQUIRED where nothing is given,
 * CONFIRMATION_WRONG, TICKET_INVALID with the fifth wrong code: the message must be asked for anew. Wrong passwords count like those of sign-ins.
 */
export async function requireAsker(
  parts: AccountParts,
  call: Call,
  ticket: TicketRow,
  { confirmationCode, password }: AskerGiven,
  { cookies, ip }: UsingBrowser,
): Promise<void> {
  if (!(await needsAsker(parts, call, ticket, cookies))) return;
  if (confirmationCode) return confirm(parts, call, ticket, confirmationCode);
  if (!password) throw accountErrors.CONFIRMATION_REQUIRED();
  const account = await findAccountById(call.store, ticket.userId);
  if (account === null) throw ticketErrors.TICKET_INVALID();
  parts.passwords.requireRoom();
  await provePassword(parts, call, account, { password, ip }, () => accountErrors.CONFIRMATION_WRONG());
}

async function confirm(parts: AccountParts, call: Call, ticket: TicketRow, typed: string): Promise<void> {
  const proof = await parts.tickets.confirm(call, ticket, typed);
  if (proof === 'RIGHT') return;
  if (proof === 'WRONG') throw accountErrors.CONFIRMATION_WRONG();
  await call.store.transaction((store) =>
    parts.audit.record(store, actingFor(call, ticket.id, store), {
      action: 'user.refuse_confirmation',
      targetType: 'User',
      targetId: ticket.userId,
      details: { kind: ticket.kind },
    }),
  );
  throw ticketErrors.TICKET_INVALID();
}

/** The same for who has the digits of a message and not its link: strangers use up none of their tries, so nothing is told or counted. */
export async function isAsker(
  parts: AccountParts,
  call: Call,
  ticket: TicketRow,
  { confirmationCode }: AskerGiven,
  { cookies }: UsingBrowser,
): Promise<boolean> {
  if (!(await needsAsker(parts, call, ticket, cookies))) return true;
  return Boolean(confirmationCode) && parts.tickets.isConfirmedBy(call, ticket, confirmationCode ?? '');
}
