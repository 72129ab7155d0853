import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';

/** A user without a password here asked for a new one. */
export const resetElsewhere: MailTemplate<Readonly<Record<string, never>>> = {
  name: 'reset-elsewhere',
  render: () => ({
    subject: 'Your account has no password here',
    blocks: [
      paragraph(
        'Somebody, perhaps you, asked for a new password. You sign in through another provider, which keeps your password.',
      ),
      paragraph(
        'Use the button of that provider where you sign in, and change the password there if you need to.',
      ),
      paragraph('If it was not you, ignore this message: nothing has changed.'),
    ],
  }),
};
