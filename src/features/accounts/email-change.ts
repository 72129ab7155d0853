import type { Call } from '#src/access/call';
import { changeEmailMail } from '#src/features/mail/templates/change-email';
import { emailChanged } from '#src/features/mail/templates/email-changed';
import { strategyKind } from '#src/features/connections/strategy';
import { assertWritable } from '#src/access/write-gate';
import { requireFreshSignIn } from '#src/access/fresh-sign-in';
import { requireSecondFactor } from '#src/features/factors/step-up/require-step-up';
import { requireStandingCaller } from '#src/features/sessions/minting/standing-session';
import { ticketErrors } from '#src/features/tickets/ticket.errors';
import type { Asked } from '#src/features/tickets/asker';
import type { TicketRow } from '#src/features/tickets/ticket.repository';
import { foldOptional } from '#src/features/users/fold-text';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { commonErrors, GatehouseError } from '#src/shared/errors';
import { accountMail } from './account-mail.job';
import { findAccountById, findAccountByIdentifier } from './account.repository';
import { actingFor, checkedAddress, type AccountParts, type AskingFrom } from './account-parts';
import { closeNewWaysInto, waysInto, type WaysIn } from './ways-in';
import { requireAsker, type AskerGiven, type UsingBrowser } from './require-asker';

/**
 * Sends a link to the new address; the old one stays until it is used. Needs a recent sign-in, by two factors of who has a second one. The answer is the same when the new
 * address has an account: then its owner is told.
 */
export async function requestEmailChange(
  parts: AccountParts,
  call: Call,
  newEmail: string,
  { ip, ...browser }: AskingFrom,
): Promise<Asked> {
  const { userId } = call.principal;
  const account = userId === null ? null : await findAccountById(call.store, userId);
  if (account === null) throw commonErrors.FORBIDDEN({ message: 'Only users have an address of their own.' });
  requireFreshSignIn(call, { maxAgeSeconds: parts.freshSeconds });
  await requireSecondFactor(parts.factors, call.store, call, account.id);
  // SECURITY: whoever confirms acts for nobody in particular, so what rules say of the person's own address is asked here.
  assertWritable(call, ['email'], await objectFactsOf(call, call.store, account.id));
  const { email, folded } = checkedAddress(newEmail, 'newEmail');
  const connection = await parts.connections.require(call.store, account.connection);
  if (strategyKind(connection.strategy) !== 'DATABASE') {
    throw commonErrors.FORBIDDEN({ message: 'The provider that you sign in through keeps your address.' });
  }
  if (folded === foldOptional(account.email)) {
    throw commonErrors.VALIDATION_FAILED({
      message: 'This is your address already.',
      extensions: { field: 'newEmail' },
    });
  }
  await parts.attackProtection.beginMail(call, 'change-email', {
    connection: connection.name,
    identifier: folded,
    ip,
  });
  const owner = await findAccountByIdentifier(call.store, connection.name, folded);
  const asked = parts.tickets.ask(call, browser);
  await call.store.transaction(async (store) => {
    const inside = { ...call, store };
    await requireStandingCaller(store, call);
    const { url, expiresAt } = await parts.tickets.issue(store, inside, {
      kind: 'change-email',
      userId: account.id,
      address: folded,
      credentialEpoch: account.credentialEpoch,
      lifetimeMs: parts.config.verificationSeconds * 1_000,
      data: { newEmail: email },
      asker: asked.asker,
    });
    if (owner !== null) {
      // SECURITY: as many statements as for an address that nobody has, so that the time of the answer does not tell.
      await findAccountById(store, owner.id);
      await enqueueJob(store, call, accountMail, { purpose: 'account-exists', userId: owner.id });
      return;
    }
    await parts.mail.send(store, inside, {
      to: email,
      template: changeEmailMail,
      variables: { confirmationUrl: url },
      expiresAt,
    });
  });
  return asked;
}

export interface EmailChangeConfirmation extends AskerGiven {
  /** The last part of the link. */
  readonly ticket: string;
}

/**
 * Changes the address by the ticket that was sent to the new one, for whoever asked for it; see `require-asker.ts`. The former address gets a
 * link that takes it back.
 */
export async function confirmEmailChange(
  parts: AccountParts,
  call: Call,
  given: EmailChangeConfirmation,
  browser: UsingBrowser,
): Promise<void> {
  const ticket = await parts.tickets.require(call, 'change-email', given.ticket);
  await requireAsker(parts, call, ticket, given, browser);
  await call.store.transaction(async (store) => {
    await parts.tickets.take(store, call, ticket);
    const account = await findAccountById(store, ticket.userId, true);
    if (account === null || account.credentialEpoch !== ticket.credentialEpoch)
      throw ticketErrors.TICKET_INVALID();
    const acting = actingFor(call, ticket.id, store);
    const waysIn = await waysInto(parts, store, acting, account.id);
    await setAddress(parts, acting, ticket, String(ticket.data.newEmail), true);
    if (account.email === null) return;
    const { url, expiresAt } = await parts.tickets.issue(store, acting, {
      kind: 'revert-email',
      userId: account.id,
      address: ticket.address,
      lifetimeMs: parts.config.revertSeconds * 1_000,
      // SECURITY: whoever has taken the account over changes the address once more; the owner's link must outlive that.
      keepsOthers: true,
      data: { formerEmail: account.email, wasVerified: account.emailVerified === true, waysIn },
    });
    await parts.mail.send(store, acting, {
      to: account.email,
      template: emailChanged,
      variables: { revertUrl: url, hours: Math.floor(parts.config.revertSeconds / 3_600) },
      expiresAt,
    });
  });
}

/** Gives the user the former address back. Whatever was asked for or enrolled with the other one is worth nothing. */
export async function revertEmailChange(parts: AccountParts, call: Call, token: string): Promise<void> {
  const ticket = await parts.tickets.require(call, 'revert-email', token);
  await call.store.transaction(async (store) => {
    await parts.tickets.take(store, call, ticket);
    const acting = actingFor(call, ticket.id, store);
    await setAddress(
      parts,
      acting,
      ticket,
      String(ticket.data.formerEmail),
      ticket.data.wasVerified === true,
    );
    const { waysIn } = ticket.data;
    if (waysIn !== undefined) await closeNewWaysInto(parts, store, acting, ticket.userId, waysIn as WaysIn);
    await parts.tickets.discard(store, ticket.userId, ['reset-password', 'change-email', 'verify-email']);
    // Links to take later changes back would lead away again; those about earlier ones stay.
    await parts.tickets.discard(store, ticket.userId, ['revert-email'], ticket.createdAt);
  });
}

async function setAddress(
  { users }: AccountParts,
  call: Call,
  { userId }: TicketRow,
  email: string,
  emailVerified: boolean,
): Promise<void> {
  try {
    await users.update(call, { id: userId, email, emailVerified });
  } catch (error) {
    // Somebody else has taken the address since: the link is as good as any other that came too late.
    if (error instanceof GatehouseError && error.code === 'CONFLICT') throw ticketErrors.TICKET_INVALID();
    throw error;
  }
}
