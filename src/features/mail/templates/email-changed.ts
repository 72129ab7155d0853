import { link, paragraph, type MailTemplate } from '#src/features/mail/mail-content';

export interface EmailChangedVariables {
  /** With the ticket in it. */
  readonly revertUrl: string;
  readonly hours: number;
}

/** To the former address, after the change. */
export const emailChanged: MailTemplate<EmailChangedVariables> = {
  name: 'email-changed',
  render: ({ revertUrl, hours }) => ({
    subject: 'The e-mail address of your account was changed',
    blocks: [
      paragraph('Your account now has another e-mail address. If that was you, there is nothing to do.'),
      paragraph(`If it was not you, take the change back within ${hours} hours, then choose a new password:`),
      link('Take the change back', revertUrl),
    ],
  }),
};
