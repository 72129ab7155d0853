import { z } from 'zod';
import { accountExists } from '#src/features/mail/templates/account-exists';
import { resetElsewhere } from '#src/features/mail/templates/reset-elsewhere';
import type { Asker } from '#src/features/tickets/asker';
import { foldOptional } from '#src/features/users/fold-text';
import type { Call } from '#src/access/call';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import type { Store } from '#src/storage/store';
import { findAccountById, type AccountRow } from './account.repository';
import { sendReset, sendVerification } from './account-mails';
import type { AccountParts } from './account-parts';

const purposes = ['verify-email', 'reset-password', 'reset-elsewhere', 'account-exists', 'breached'] as const;

export type AccountMailPurpose = (typeof purposes)[number];

interface Payload {
  readonly purpose: AccountMailPurpose;
  /** Null: nobody has the address. */
  readonly userId: string | null;
  /** Who may use the link of `verify-email`. */
  readonly asker?: Asker | null | undefined;
}

const asker = z.strictObject({
  ticketId: z.string(),
  confirmationHash: z.string(),
  browserHash: z.string().nullable(),
});

/** A job for unknown addresses too: whether there is an account must not show in the time that an answer takes. */
export const accountMail = defineJob<Payload>({
  name: 'account_mail',
  description: 'Writes a message that somebody asked for, if there is an account to write to.',
  payload: z.strictObject({
    purpose: z.enum(purposes),
    userId: z.string().nullable(),
    asker: asker.nullish(),
  }),
});

export function accountMailHandling(parts: AccountParts): JobHandling {
  return handleJob<Payload, Record<string, never>>(accountMail, {
    async chunk({ store, payload: { purpose, userId, asker = null }, call }) {
      const account = userId === null ? null : await findAccountById(store, userId, true);
      const isSent =
        account !== null && (await write(parts, store, { ...call, store }, { purpose, account, asker }));
      const changed = isSent ? 1 : 0;
      return {
        isDone: true,
        checkpoint: {},
        counts: { processed: 1, changed, skipped: 1 - changed },
        total: 1,
      };
    },
  });
}

async function write(
  parts: AccountParts,
  store: Store,
  call: Call,
  {
    purpose,
    account,
    asker,
  }: { readonly purpose: AccountMailPurpose; readonly account: AccountRow; readonly asker: Asker | null },
): Promise<boolean> {
  const { email } = account;
  if (email === null || account.blocked) return false;
  switch (purpose) {
    case 'verify-email':
      if (account.emailVerified === true) return false;
      await sendVerification(parts, store, call, { ...account, email, asker });
      return true;
    case 'reset-password':
      await sendReset(parts, store, call, { ...account, email }, null);
      return true;
    case 'breached':
      if (!(await parts.attackProtection.mayNotify(call, 'breached', account.id, null))) return false;
      await sendReset(parts, store, call, { ...account, email }, 'BREACHED');
      return true;
    default: {
      const address = foldOptional(email);
      if (!(await parts.attackProtection.mayNotify(call, purpose, account.id, address))) return false;
      const template = purpose === 'account-exists' ? accountExists : resetElsewhere;
      await parts.mail.send(store, call, { to: email, template, variables: {} });
      return true;
    }
  }
}
