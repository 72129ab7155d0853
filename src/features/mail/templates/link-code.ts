import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';

export interface LinkCodeVariables {
  readonly code: string;
  readonly minutes: number;
  /** Whether the account is emptied and given to whoever types the code. */
  readonly isReclaim: boolean;
}

/** Somebody signs in at a provider and says that the account here is theirs as well. */
export const linkCode: MailTemplate<LinkCodeVariables> = {
  name: 'link-code',
  render: ({ code, minutes, isReclaim }) => ({
    subject: isReclaim ? 'Take your address back' : 'Is this account yours?',
    blocks: [
      paragraph(
        isReclaim
          ? 'Somebody made an account with this address and never verified it. Now somebody has signed in at a provider with the same address, and wants the account. Everything in it will be deleted.'
          : 'Somebody has signed in at a provider with this address, and wants to sign in to your account that way from now on.',
      ),
      paragraph(`If that is you, type this code: ${code}. It is good for ${minutes} minutes and one use.`),
      paragraph(
        'Give it to nobody. If this was not you, ignore this message: nothing happens without the code.',
      ),
    ],
  }),
};
