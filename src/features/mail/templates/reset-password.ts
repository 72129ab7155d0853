import { link, paragraph, type MailTemplate } from '#src/features/mail/mail-content';

export interface ResetPasswordVariables {
  /** With the ticket in it. */
  readonly resetUrl: string;
  /** Why the gateway asks for it by itself; null: the user asked. */
  readonly reason: 'BREACHED' | null;
  /** The username of the account, where people sign in by one. */
  readonly account: string | null;
}

/** A link to choose a new password. */
export const resetPasswordMail: MailTemplate<ResetPasswordVariables> = {
  name: 'reset-password',
  render: ({ resetUrl, reason, account }) => ({
    subject: reason === null ? 'Choose a new password' : 'Your password must be changed',
    blocks: [
      ...(reason === null
        ? []
        : [
            paragraph(
              'The password of your account is on a list of passwords that were stolen elsewhere, so it no longer signs you in.',
            ),
          ]),
      ...(account === null ? [] : [paragraph(`This is about the account "${account}".`)]),
      paragraph('Open this page to choose a new password. All your sessions end when you do.'),
      link('Choose a new password', resetUrl),
      paragraph('If you did not expect this, ignore the message: your password stays as it is.'),
    ],
  }),
};
