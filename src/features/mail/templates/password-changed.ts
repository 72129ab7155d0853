import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';

/** A password was changed or reset. */
export const passwordChanged: MailTemplate<Readonly<Record<string, never>>> = {
  name: 'password-changed',
  render: () => ({
    subject: 'Your password was changed',
    blocks: [
      paragraph('The password of your account was changed just now, and other sessions were ended.'),
      paragraph(
        'If it was not you, ask for a new password at once where you sign in, and tell the people who run the service.',
      ),
    ],
  }),
};
