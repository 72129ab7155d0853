import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';
import { toIso, type Instant } from '#src/shared/clock';

/** Somebody of the operator acts in the name of the user. */
export const impersonationNotice: MailTemplate<{ readonly startedAt: Instant }> = {
  name: 'impersonation-started',
  render: ({ startedAt }) => ({
    subject: 'Support has opened your account',
    blocks: [
      paragraph(
        `Somebody of our support opened your account on ${toIso(startedAt).slice(0, 16).replace('T', ' ')} UTC, for an hour at most. What they do is recorded under their own name; they cannot change how you sign in.`,
      ),
      paragraph('If you did not ask for help, tell us.'),
    ],
  }),
};
