import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';
import { toIso, type Instant } from '#src/shared/clock';

export interface AccountDeletionVariables {
  /** Null: it is gone already. */
  readonly deleteAt: Instant | null;
}

/** A user has asked for the account to be deleted. */
export const accountDeletionRequested: MailTemplate<AccountDeletionVariables> = {
  name: 'account-deletion-requested',
  render: ({ deleteAt }) => ({
    subject: 'Your account is being deleted',
    blocks:
      deleteAt === null
        ? [paragraph('Your account was deleted, as you asked.')]
        : [
            paragraph(
              `Your account will be deleted on ${toIso(deleteAt).slice(0, 16).replace('T', ' ')} UTC, as you asked.`,
            ),
            paragraph('If this was not you, or you want to keep it, sign in before then and take it back.'),
          ],
  }),
};
