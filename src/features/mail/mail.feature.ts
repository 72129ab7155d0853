import type { Config } from '#src/config/config';
import { noServer } from '#src/config/mail';
import type { Secrets } from '#src/config/open-secrets';
import type { FeatureParts } from '#src/graphql/feature';
import { ending } from '#src/jobs/background';
import { mailDeliveryHandling } from './mail-delivery.job';
import { folderTransport, smtpTransport, type MailTransport } from './mail-transport';
import { sealedColumn } from '#src/storage/sealed-column';
import { OutboxMessageEntity } from './outbox-message.entity';
import { MailService } from './mail.service';

export interface StartedMail {
  readonly mail: MailService;
}

const hour = 3_600_000;

export function startMail(
  { mail: config, profile }: Pick<Config, 'mail' | 'profile'>,
  secrets: Pick<Secrets, 'ring'>,
): FeatureParts & StartedMail {
  const hasServer = config.smtpUrl.reveal() !== noServer;
  let transport: MailTransport | null = null;
  const ring = () => secrets.ring('mail');
  return {
    name: 'mail',
    resolvers: [],
    sealed: [sealedColumn(OutboxMessageEntity, ['id'], 'content', 'mail')],
    jobs: [
      mailDeliveryHandling({
        transport: () => (transport ??= hasServer ? smtpTransport(config) : folderTransport(config)),
        ring,
        retentionMs: config.retentionDays * 24 * hour,
      }),
    ],
    background: [ending(() => transport?.close())],
    mail: new MailService({
      ring,
      deliveryMs: config.deliveryHours * hour,
      // SECURITY: in production a ticket must not come to lie in a file.
      canDeliver: hasServer || profile === 'development',
    }),
  };
}
