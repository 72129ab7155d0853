import type { Call } from '#src/access/call';
import { mailErrors } from '#src/features/mail/mail.errors';
import type { MailService, Message } from '#src/features/mail/mail.service';
import { GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

const notConfigured = mailErrors.MAIL_NOT_CONFIGURED().code;

/** Tells a person what happened to the account. Where no mail can be sent the act itself still counts. */
export async function sendNotice<Variables>(
  mail: MailService,
  store: Store,
  call: Call,
  message: Message<Variables>,
): Promise<void> {
  try {
    await mail.send(store, call, message);
  } catch (error) {
    if (!(error instanceof GatehouseError && error.code === notConfigured)) throw error;
    call.logger.warn({ template: message.template.name }, 'a notice was not sent: no mail server is set');
  }
}
