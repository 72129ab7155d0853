import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';
import { toIso, type Instant } from '#src/shared/clock';

export interface EmailFollowedVariables {
  /** Name of the connection whose provider said so. */
  readonly connection: string;
  readonly at: Instant;
}

/** To the former address, when the provider that a user comes from told another one at a sign-in. */
export const emailFollowed: MailTemplate<EmailFollowedVariables> = {
  name: 'email-followed',
  render: ({ connection, at }) => ({
    subject: 'The e-mail address of your account was changed',
    blocks: [
      paragraph(
        `Your account now has another e-mail address, because the account at ${connection} by which you sign in has one. Everybody who was signed in was signed out.`,
      ),
      paragraph(`This happened on ${toIso(at).slice(0, 16).replace('T', ' ')} UTC.`),
      paragraph(
        `If this was not you, look at that account at ${connection} now: whoever has it has this one.`,
      ),
    ],
  }),
};
