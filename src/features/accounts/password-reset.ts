import type { Call } from '#src/access/call';
import { passwordChanged } from '#src/features/mail/templates/password-changed';
import type { TicketRow } from '#src/features/tickets/ticket.repository';
import { ticketErrors } from '#src/features/tickets/ticket.errors';
import { foldOptional } from '#src/features/users/fold-text';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Store } from '#src/storage/store';
import { accountMail } from './account-mail.job';
import {
  findAccountById,
  findAccountByIdentifier,
  findAccountsByEmail,
  type AccountRow,
} from './account.repository';
import { markVerified } from './email-verification';
import { actingFor, checkedAddress, requireDatabase, type AccountParts, type Address } from './account-parts';

export interface ResetRequest {
  readonly email: string;
  readonly connection?: string | null;
}

/**
 * Sends a link to choose a new password, if the address has an account in the connection; a user who signs in through a provider is
 * told so. The answer is the same for every address.
 */
export async function requestPasswordReset(
  parts: AccountParts,
  call: Call,
  { email, connection: name }: ResetRequest,
  ip: string | null,
): Promise<void> {
  const address = checkedAddress(email);
  const { folded } = address;
  const connection = (await requireDatabase(parts, call.store, name)).name;
  await parts.attackProtection.beginMail(call, 'reset-password', { connection, identifier: folded, ip });
  const account = await findAccount(parts, call, connection, address);
  const elsewhere = (await findAccountsByEmail(call.store, folded)).find(
    (user) => user.emailVerified === true,
  );
  const purpose = account === null && elsewhere !== undefined ? 'reset-elsewhere' : 'reset-password';
  const userId = account?.id ?? elsewhere?.id ?? null;
  await call.store.transaction(async (store) => {
    await enqueueJob(store, call, accountMail, { purpose, userId });
  });
}

/**
 * The account of an address: here, or made of what the system knows from which users are yet to come. SECURITY: user enumeration; that
 * system is asked about addresses that are known here too, and when it does not answer, nothing tells so.
 */
async function findAccount(
  { users }: AccountParts,
  call: Call,
  connection: string,
  { email, folded }: Address,
): Promise<AccountRow | null> {
  const isElsewhere = await users.isKnownElsewhere(call, connection, email).catch(() => false);
  const here = await findAccountByIdentifier(call.store, connection, folded);
  if (here !== null || !isElsewhere) return here;
  const id = await users.bringFromElsewhere(call, connection, email).catch(() => null);
  return id === null ? null : findAccountById(call.store, id);
}

export interface Reset {
  /** The last part of the link. */
  readonly ticket: string;
  readonly newPassword: string;
}

/**
 * Sets the password by a ticket, ends every session, and signs nobody in. TICKET_INVALID for a ticket that is used, old, replaced, or
 * older than the latest change of password or address. A password that the policy refuses leaves the ticket good.
 */
export async function resetPassword(
  parts: AccountParts,
  call: Call,
  { ticket: token, newPassword }: Reset,
): Promise<TicketRow> {
  const ticket = await parts.tickets.require(call, 'reset-password', token);
  const before = standing(ticket, await findAccountById(call.store, ticket.userId));
  const connection = await parts.connections.require(call.store, before.connection);
  parts.passwords.requireRoom();
  const about = { connection, profile: before, userId: before.id, occasion: 'RESET' } as const;
  const hash = await parts.passwords.hashNew(call, newPassword, about);
  await call.store.transaction(async (store) => {
    await parts.tickets.take(store, call, ticket);
    const account = standing(ticket, await findAccountById(store, ticket.userId, true));
    const acting = actingFor(call, ticket.id, store);
    if (ticket.data.marksVerified === true) {
      await dropBait(parts, store, acting, account);
      await markVerified(parts, store, acting, ticket);
    }
    await parts.passwords.store(store, acting, account.id, hash, { isUnproven: false });
    await parts.audit.record(store, acting, {
      action: 'user.reset_password',
      targetType: 'User',
      targetId: account.id,
    });
    await tellChanged(parts, store, acting, account);
  });
  parts.users.announce(ticket.userId);
  return ticket;
}

/**
 * SECURITY: pre-hijacking (Sudhodanan and Paverd, 2022). Whoever made an account with the address of somebody else can have left a passkey or a
 * linked account of a provider there, and come back by it once the owner of the mailbox has set a password. What is enrolled in an account whose
 * address nobody ever verified, by a password that nobody else had chosen, goes.
 */
async function dropBait(parts: AccountParts, store: Store, call: Call, account: AccountRow): Promise<void> {
  if (account.emailVerified === true || !(await parts.passwords.isUnproven(store, account.id))) return;
  await parts.identities.removeLinked(store, account.id);
  await parts.methods.clear(store, call, await parts.users.requireReachable(call, store, account.id));
}

/** SECURITY: a link that was sent before the last change of password or address may be in the hands of whoever caused that change. */
function standing(ticket: TicketRow, account: AccountRow | null): AccountRow {
  const isGood =
    account !== null &&
    !account.blocked &&
    account.credentialEpoch === ticket.credentialEpoch &&
    (ticket.address === null || foldOptional(account.email) === ticket.address);
  if (isGood) return account;
  throw ticketErrors.TICKET_INVALID();
}

/** Tells the user, by mail, that the password was changed. */
export async function tellChanged(
  { mail }: AccountParts,
  store: Store,
  call: Call,
  { email }: Pick<AccountRow, 'email'>,
): Promise<void> {
  if (email !== null) await mail.send(store, call, { to: email, template: passwordChanged, variables: {} });
}
