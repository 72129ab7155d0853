import { link, paragraph, type MailTemplate } from '#src/features/mail/mail-content';

export interface ChangeEmailVariables {
  /** With the ticket in it. */
  readonly confirmationUrl: string;
}

/** To the new address of a user who wants to change it. */
export const changeEmailMail: MailTemplate<ChangeEmailVariables> = {
  name: 'change-email',
  render: ({ confirmationUrl }) => ({
    subject: 'Confirm your new e-mail address',
    blocks: [
      paragraph(
        'This address was given as the new one of an account. If you did that, open this page. In another browser than the one in which you did, it asks for the letters that are shown there:',
      ),
      link('Change to this address', confirmationUrl),
      paragraph(
        'If you did not ask for it, ignore this message, and type no letters that somebody tells you: nothing happens without you.',
      ),
    ],
  }),
};
