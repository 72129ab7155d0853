import type { Platform } from '#src/access/platform';
import type { AuditService } from '#src/features/audit/audit.service';
import type { MailService } from '#src/features/mail/mail.service';
import { cleanTable } from '#src/jobs/clean-table';
import type { TicketPage } from '#src/features/tickets/ticket-page';
import type { TicketService } from '#src/features/tickets/ticket.service';
import type { UserService } from '#src/features/users/user.service';
import type { FeatureParts } from '#src/graphql/feature';
import { deleteCountersBefore } from './attempt-counter.repository';
import { attackProtectionPermissions } from './attack-protection.permissions';
import { AttackProtectionResolver } from './attack-protection.resolver';
import { AttackProtectionService } from './attack-protection.service';
import { blockedNoticeHandling } from './blocked-notice.job';
import { unblockPage } from './unblock-page';

export interface StartedAttackProtection {
  readonly attackProtection: AttackProtectionService;
}

export interface AttackProtectionServices {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly mail: MailService;
  readonly tickets: TicketService;
  addTicketPage(page: TicketPage): void;
}

const day = 86_400_000;

export function startAttackProtection(
  platform: Pick<Platform, 'storage' | 'clock' | 'logger'> & {
    readonly config: Pick<Platform['config'], 'attackProtection'>;
  },
  services: AttackProtectionServices,
): FeatureParts & StartedAttackProtection {
  const { attackProtection: config } = platform.config;
  const service = new AttackProtectionService({ ...services, config });
  services.addTicketPage(unblockPage({ ...services, service }));
  const keptMs = (config.bruteForceDays + 1) * day;
  return {
    name: 'attack-protection',
    resolvers: [new AttackProtectionResolver(service, config)],
    permissions: attackProtectionPermissions,
    jobs: [blockedNoticeHandling({ ...services, service })],
    attackProtection: service,
    background: [
      cleanTable(platform, 'attempt_counters', (store, now, limit) =>
        deleteCountersBefore(store, { before: now - keptMs, now, limit }),
      ),
    ],
  };
}
