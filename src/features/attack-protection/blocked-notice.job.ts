import { z } from 'zod';
import type { MailService } from '#src/features/mail/mail.service';
import { attemptsBlocked } from '#src/features/mail/templates/attempts-blocked';
import type { TicketService } from '#src/features/tickets/ticket.service';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import type { AttackProtectionService } from './attack-protection.service';
import { findAccount } from './guarded-account.repository';

/** A job for unknown accounts too: whether there is an account must not show in the time that an answer takes. */
export const blockedNotice = defineJob({
  name: 'blocked_notice',
  description: 'Tells a user that sign-ins to the account were stopped, at most once an hour.',
  payload: z.strictObject({ userId: z.string().nullable(), network: z.string().nullable() }),
});

export interface NoticeParts {
  readonly mail: Pick<MailService, 'send'>;
  readonly tickets: Pick<TicketService, 'issue'>;
  readonly service: Pick<AttackProtectionService, 'mayNotify'>;
}

const ticketLifetimeMs = 7 * 86_400_000;

export function blockedNoticeHandling({ mail, tickets, service }: NoticeParts): JobHandling {
  return handleJob<{ userId: string | null; network: string | null }, Record<string, never>>(blockedNotice, {
    async chunk({ store, payload: { userId, network }, call }) {
      const account = userId === null ? null : await findAccount(store, userId);
      const { email = null } = account ?? {};
      const inside = { ...call, store };
      const isTold =
        account !== null &&
        email !== null &&
        !account.blocked &&
        (await service.mayNotify(inside, 'blocked', account.id, network));
      if (isTold) {
        const { url, expiresAt } = await tickets.issue(store, inside, {
          kind: 'unblock',
          userId: account.id,
          lifetimeMs: ticketLifetimeMs,
          data: { network },
        });
        await mail.send(store, inside, {
          to: email,
          template: attemptsBlocked,
          variables: { network, unblockUrl: url },
          expiresAt,
        });
      }
      const changed = isTold ? 1 : 0;
      return {
        isDone: true,
        checkpoint: {},
        counts: { processed: 1, changed, skipped: 1 - changed },
        total: 1,
      };
    },
  });
}
