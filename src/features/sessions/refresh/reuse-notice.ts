import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';

/** A refresh token was used twice: somebody may have a copy. */
export const reuseNotice: MailTemplate<Record<string, never>> = {
  name: 'refresh-token-reuse',
  render: () => ({
    subject: 'An application was signed out of your account',
    blocks: [
      paragraph(
        'A key by which an application acts for you was used twice. That happens when somebody has copied it, so we ended it: the application has to ask you to sign in again.',
      ),
      paragraph(
        'If you see applications or devices that you do not know among your sessions, end them and change your password.',
      ),
    ],
  }),
};
