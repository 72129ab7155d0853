import { link, paragraph, type MailTemplate } from '#src/features/mail/mail-content';

export interface AttemptsBlockedVariables {
  /** Where the attempts came from; null: unknown or from several places. */
  readonly network: string | null;
  /** With the ticket in it. */
  readonly unblockUrl: string;
}

/** Somebody typed wrong passwords too often. */
export const attemptsBlocked: MailTemplate<AttemptsBlockedVariables> = {
  name: 'attempts-blocked',
  render: ({ network, unblockUrl }) => ({
    subject: 'Sign-ins to your account were stopped',
    blocks: [
      paragraph(
        network === null
          ? 'A wrong password was typed for your account many times.'
          : `A wrong password was typed for your account many times, from ${network}.`,
      ),
      paragraph(
        'Further attempts from there are refused, with the right password too. You can sign in from elsewhere.',
      ),
      paragraph('If it was you, open this page and press the button:'),
      link('Allow sign-ins again', unblockUrl),
      paragraph(
        'If it was not you, there is nothing to do. A long password that you use nowhere else keeps the account safe.',
      ),
    ],
  }),
};
