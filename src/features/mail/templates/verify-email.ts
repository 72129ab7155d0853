import { link, paragraph, type MailTemplate } from '#src/features/mail/mail-content';

export interface VerifyEmailVariables {
  /** With the ticket in it. */
  readonly verificationUrl: string;
  /** Six digits; null: only the link is offered. */
  readonly code: string | null;
  readonly codeMinutes: number;
}

/** Somebody gave this address as theirs. */
export const verifyEmail: MailTemplate<VerifyEmailVariables> = {
  name: 'verify-email',
  render: ({ verificationUrl, code, codeMinutes }) => ({
    subject: 'Is this your e-mail address?',
    blocks: [
      paragraph(
        'This address was given for an account. If you did that, open this page. In another browser than the one in which you did, it asks for the letters that are shown there:',
      ),
      link('Verify the address', verificationUrl),
      ...(code === null
        ? []
        : [
            paragraph(`Or type this code where you gave the address, within ${codeMinutes} minutes: ${code}`),
          ]),
      paragraph(
        'If you did not ask for it, ignore this message, and type no letters that somebody tells you: nothing happens without you.',
      ),
    ],
  }),
};
