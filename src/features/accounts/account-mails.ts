import type { Call } from '#src/access/call';
import { resetPasswordMail } from '#src/features/mail/templates/reset-password';
import { verifyEmail } from '#src/features/mail/templates/verify-email';
import type { Asker } from '#src/features/tickets/asker';
import { foldText } from '#src/features/users/fold-text';
import type { Store } from '#src/storage/store';
import type { AccountParts } from './account-parts';

export interface Addressee {
  readonly id: string;
  readonly email: string;
  readonly credentialEpoch: number;
  readonly connection: string;
  readonly username: string | null;
}

/** Sends link and digits that verify the user's address, to be used by `asker`; null: nobody can show to have asked. Inside the transaction of `store`. */
export async function sendVerification(
  { config, tickets, mail }: AccountParts,
  store: Store,
  call: Call,
  { id, email, asker }: Pick<Addressee, 'id' | 'email'> & { readonly asker: Asker | null },
): Promise<void> {
  const { url, code, expiresAt } = await tickets.issue(store, call, {
    kind: 'verify-email',
    userId: id,
    address: foldText(email),
    lifetimeMs: config.verificationSeconds * 1_000,
    codeLifetimeMs: config.codeSeconds * 1_000,
    asker,
  });
  const codeMinutes = Math.floor(config.codeSeconds / 60);
  await mail.send(store, call, {
    to: email,
    template: verifyEmail,
    variables: { verificationUrl: url, code, codeMinutes },
    expiresAt,
  });
}

/** Sends a link to choose a new password. Inside the transaction of `store`. */
export async function sendReset(
  { config, connections, tickets, mail }: AccountParts,
  store: Store,
  call: Call,
  { id, email, credentialEpoch, connection, username }: Addressee,
  reason: 'BREACHED' | null,
): Promise<void> {
  const { url, expiresAt } = await tickets.issue(store, call, {
    kind: 'reset-password',
    userId: id,
    address: foldText(email),
    credentialEpoch,
    lifetimeMs: config.resetSeconds * 1_000,
    // The link came by mail, so that who uses it reads the mail of this address.
    data: { marksVerified: true },
  });
  // Where people sign in by username, several accounts may share a mailbox.
  const { requiresUsername } = (await connections.require(store, connection)).options;
  await mail.send(store, call, {
    to: email,
    template: resetPasswordMail,
    variables: { resetUrl: url, reason, account: requiresUsername ? username : null },
    expiresAt,
  });
}
