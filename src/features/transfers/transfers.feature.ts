import type { Platform } from '#src/access/platform';
import { isSecureIssuer } from '#src/config/origin';
import type { Secrets } from '#src/config/open-secrets';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { MailService } from '#src/features/mail/mail.service';
import { ImportDesk } from '#src/features/transfers/imports/import-desk';
import { ImportReportResolver, ImportResolver } from '#src/features/transfers/imports/import.resolver';
import { importRoute } from '#src/features/transfers/imports/import.routes';
import { ImportService } from '#src/features/transfers/imports/import.service';
import { usersImportHandling } from '#src/features/transfers/imports/import-users.job';
import { reportByMail } from '#src/features/transfers/imports/report-completion';
import type { Authenticate } from '#src/graphql/authenticate';
import type { FeatureParts } from '#src/graphql/feature';
import type { CallerParts } from '#src/graphql/identify-caller';
import type { Origins } from '#src/http/cors';
import type { Route } from '#src/http/routes';
import type { Jobs } from '#src/jobs/jobs';
import { startSweep } from './sweep';

export interface TransferServices {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly mail: MailService;
  readonly authenticate: Authenticate;
  readonly origins: Origins;
  readonly worker: Pick<Jobs, 'runNow'>;
}

export interface StartedTransfers {
  readonly imports: ImportService;
  readonly routes: readonly Route[];
  /** Begins to remove, again and again, what is kept for a time only. */
  startTransferSweep(): { stop(): Promise<void> };
}

/** Moving users in and out. */
export function startTransfers(
  platform: Platform,
  secrets: Pick<Secrets, 'ring'>,
  { audit, connections, mail, authenticate, origins, worker }: TransferServices,
): FeatureParts & { readonly transfers: StartedTransfers } {
  const { config } = platform;
  const ring = () => secrets.ring('transfers');
  const imports = new ImportService({ audit, connections, config: config.transfers, ring });
  const desk = new ImportDesk(imports, config.transfers, worker);
  const caller: CallerParts = {
    ...platform,
    authenticate,
    allowedOrigins: origins,
    isSecureIssuer: isSecureIssuer(config.http),
  };
  return {
    name: 'transfers',
    resolvers: [new ImportResolver(desk), new ImportReportResolver(desk)],
    jobs: [
      usersImportHandling({
        ...{ audit, connections, ring, config: config.transfers, limits: config.metadata },
        report: reportByMail(mail),
      }),
    ],
    transfers: {
      imports,
      routes: [importRoute({ caller, service: imports, config: config.transfers })],
      startTransferSweep: () => startSweep(platform),
    },
  };
}
