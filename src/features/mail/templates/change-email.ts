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
        'This address was given as the new one of an account. Open this page and press the button to change to it:',
      ),
      link('Change to this address', confirmationUrl),
      paragraph('If you did not ask for it, ignore this message: nothing happens without you.'),
    ],
  }),
};
