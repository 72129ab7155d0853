import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';

/** Somebody signed up, or wanted to change to, an address that has an account. Only its owner learns of it. */
export const accountExists: MailTemplate<Readonly<Record<string, never>>> = {
  name: 'account-exists',
  render: () => ({
    subject: 'You have an account already',
    blocks: [
      paragraph(
        'Somebody, perhaps you, asked for a new account or a change to this e-mail address. It has an account already.',
      ),
      paragraph('Sign in with it. If you have forgotten the password, ask for a new one where you sign in.'),
      paragraph('If it was not you, ignore this message: nothing has changed.'),
    ],
  }),
};
