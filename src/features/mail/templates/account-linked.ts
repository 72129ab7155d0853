import { link, paragraph, type MailTemplate } from '#src/features/mail/mail-content';
import { toIso, type Instant } from '#src/shared/clock';

export interface AccountLinkedVariables {
  readonly change: 'LINKED' | 'UNLINKED';
  /** Name of the connection of the other account. */
  readonly connection: string;
  readonly at: Instant;
  /** Takes back a link that nobody was asked about; null or absent: there is no such way. */
  readonly undoUrl?: string | null;
}

/** Two accounts of a user have become one, or one has become two. */
export const accountLinked: MailTemplate<AccountLinkedVariables> = {
  name: 'account-linked',
  render: ({ change, connection, at, undoUrl = null }) => ({
    subject: change === 'LINKED' ? 'An account was linked to yours' : 'An account was unlinked from yours',
    blocks: [
      paragraph(
        change === 'LINKED'
          ? `Another account of yours (${connection}) was linked to this one.`
          : `The account at ${connection} was unlinked from this one.`,
      ),
      paragraph(`This happened on ${toIso(at).slice(0, 16).replace('T', ' ')} UTC.`),
      ...(undoUrl === null
        ? [paragraph('If this was not you, change your password now and look at your account.')]
        : [
            paragraph(
              'Nobody was asked, because both have this e-mail address. If this was not you, take it back:',
            ),
            link('Separate the accounts again', undoUrl),
          ]),
    ],
  }),
};
