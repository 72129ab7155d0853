import { z } from 'zod';
import type { DerivedKey } from '#src/config/open-secrets';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import type { MailTransport } from './mail-transport';
import { deleteMessagesBefore, findMessage, finishMessage } from './outbox.repository';
import { openContent } from './seal-content';

/** Hands one message to the mail server. What it says stands in the outbox, never in the job. */
export const mailDelivery = defineJob({
  name: 'mail_delivery',
  description: 'Delivers one message, and tries again for hours while the mail server is away.',
  payload: z.strictObject({ messageId: z.string() }),
  // Its time ends with the message's, not with a number of tries.
  maxAttempts: 10_000,
});

export interface MailDeliveryParts {
  readonly transport: () => MailTransport;
  readonly ring: () => readonly DerivedKey[];
  readonly retentionMs: number;
}

type Outcome = 'SENT' | 'EXPIRED' | 'over';

const forgottenPerDelivery = 20;

export function mailDeliveryHandling({ transport, ring, retentionMs }: MailDeliveryParts): JobHandling {
  return handleJob<{ messageId: string }, Record<string, never>, Outcome>(mailDelivery, {
    async prepare({ payload, call }) {
      const message = await findMessage(call.store, payload.messageId);
      if (message?.status !== 'PENDING' || message.content === null) return 'over';
      if (message.expiresAt <= call.clock.now()) {
        call.logger.warn({ messageId: message.id, template: message.template }, 'a message came too late');
        return 'EXPIRED';
      }
      const { id, recipient, createdAt } = message;
      const content = openContent(ring(), id, message.content);
      await transport().deliver({ id, to: recipient, date: createdAt, content });
      return 'SENT';
    },
    async chunk({ store, payload, call }, outcome) {
      const now = call.clock.now();
      if (outcome !== 'over') {
        await finishMessage(store, payload.messageId, { status: outcome, faultCode: null, now });
      }
      await deleteMessagesBefore(store, now - retentionMs, forgottenPerDelivery);
      const isSent = outcome === 'SENT' ? 1 : 0;
      return {
        isDone: true,
        checkpoint: {},
        counts: { processed: 1, changed: isSent, skipped: 1 - isSent },
        total: 1,
      };
    },
    async failed({ store, payload, call }, { code }) {
      await finishMessage(store, payload.messageId, {
        status: 'FAILED',
        faultCode: code,
        now: call.clock.now(),
      });
    },
  });
}
