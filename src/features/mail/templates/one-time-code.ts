import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';

export interface OneTimeCodeVariables {
  readonly code: string;
  readonly minutes: number;
}

/** A code that proves that somebody reads the mail of a user. */
export const oneTimeCode: MailTemplate<OneTimeCodeVariables> = {
  name: 'one-time-code',
  render: ({ code, minutes }) => ({
    // The code is not in the subject: it would show on a locked screen.
    subject: 'Your code',
    blocks: [
      paragraph(`Your code is ${code}. It is good for ${minutes} minutes and one use.`),
      paragraph('Give it to nobody. If you did not ask for it, somebody may know your password: change it.'),
    ],
  }),
};
