import type { Call } from '#src/access/call';
import type { DerivedKey } from '#src/config/open-secrets';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { checkedAddress, isMailAddress } from './mail-address';
import { contentOf, type MailTemplate } from './mail-content';
import { mailDelivery } from './mail-delivery.job';
import { mailErrors } from './mail.errors';
import { insertMessage } from './outbox.repository';
import { sealContent } from './seal-content';

export interface Message<Variables> {
  /** One address. */
  readonly to: string;
  readonly template: MailTemplate<Variables>;
  readonly variables: Variables;
  /** After this the message is dropped instead of delivered; never later than the configured time for delivery. */
  readonly expiresAt?: Instant;
  /** How long it waits before it is sent first. */
  readonly delayMs?: number;
}

export interface MailServiceParts {
  readonly ring: () => readonly DerivedKey[];
  readonly deliveryMs: number;
  /** False where no mail server is set and messages must not become files. */
  readonly canDeliver: boolean;
}

/** Messages to people. Nothing is sent by the caller: a message exists exactly when the caller's change does, and a job delivers it. */
export class MailService {
  constructor(private readonly parts: MailServiceParts) {}

  /** False where `send` throws MAIL_NOT_CONFIGURED. */
  get canDeliver(): boolean {
    return this.parts.canDeliver;
  }

  /**
   * Queues a message in the caller's transaction; answers its id. Throws MAIL_NOT_CONFIGURED where nothing could deliver it, and
   * VALIDATION_FAILED for an address or a subject that could carry a header of its own.
   */
  async send<Variables>(store: Store, call: Call, message: Message<Variables>): Promise<{ id: string }> {
    if (!this.parts.canDeliver) throw mailErrors.MAIL_NOT_CONFIGURED();
    const recipient = checkedAddress('to', message.to);
    const content = contentOf(message.template.render(message.variables));
    const id = call.ids.next('msg');
    const now = call.clock.now();
    const { delayMs = 0 } = message;
    const latest = now + delayMs + this.parts.deliveryMs;
    await insertMessage(store, {
      id,
      recipient,
      template: message.template.name,
      content: sealContent(this.parts.ring(), id, content),
      status: 'PENDING',
      faultCode: null,
      requestId: call.requestId,
      createdAt: now,
      expiresAt: Math.min(message.expiresAt ?? latest, latest),
      finishedAt: null,
    });
    await enqueueJob(store, call, mailDelivery, { messageId: id }, { total: 1, delayMs });
    return { id };
  }

  /** The same for a message that nothing depends on: where it cannot be delivered there is none, and the change goes on. */
  async notify<Variables>(store: Store, call: Call, message: Message<Variables>): Promise<void> {
    if (this.parts.canDeliver && isMailAddress(message.to)) await this.send(store, call, message);
  }
}
