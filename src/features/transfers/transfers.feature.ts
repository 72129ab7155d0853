import type { Platform } from '#src/access/platform';
import { isSecureIssuer } from '#src/config/origin';
import type { Secrets } from '#src/config/open-secrets';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { createLegacyHashCount } from '#src/features/passwords/hashes/legacy-hashes';
import type { HashSettings } from '#src/features/passwords/hashes/hash-settings';
import type { MailService } from '#src/features/mail/mail.service';
import { ExportDesk } from '#src/features/transfers/exports/export-desk';
import { ExportDownloadResolver, ExportResolver } from '#src/features/transfers/exports/export.resolver';
import { exportRoute } from '#src/features/transfers/exports/export.routes';
import { ExportService } from '#src/features/transfers/exports/export.service';
import { usersExportHandling } from '#src/features/transfers/exports/export-users.job';
import type { RoleService } from '#src/features/roles/role.service';
import type { SearchService } from '#src/features/search/search.service';
import { ImportDesk } from '#src/features/transfers/imports/import-desk';
import { ImportReportResolver, ImportResolver } from '#src/features/transfers/imports/import.resolver';
import { UploadSlotResolver } from '#src/features/transfers/imports/upload-slots/upload-slot.resolver';
import { uploadSlotRoute } from '#src/features/transfers/imports/upload-slots/upload-slot.routes';
import { UploadSlots } from '#src/features/transfers/imports/upload-slots/upload-slots';
import { importRoute } from '#src/features/transfers/imports/import.routes';
import { ImportService } from '#src/features/transfers/imports/import.service';
import { createImportTally, type ImportTally } from '#src/features/transfers/imports/import-tally';
import { usersImportHandling } from '#src/features/transfers/imports/import-users.job';
import { reportByMail } from '#src/features/transfers/imports/report-completion';
import type { Authenticate } from '#src/graphql/authenticate';
import type { FeatureParts } from '#src/graphql/feature';
import type { CallerParts } from '#src/graphql/identify-caller';
import type { Origins } from '#src/http/cors';
import type { Jobs } from '#src/jobs/jobs';
import { transferSweep } from './sweep';
import { transferPermissions } from './transfer.permissions';

export interface TransferServices {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly roles: Pick<RoleService, 'create'>;
  readonly mail: MailService;
  readonly hashSettings: Pick<HashSettings, 'complete' | 'apart' | 'sealed' | 'opened' | 'save' | 'named'>;
  readonly search: SearchService;
  readonly authenticate: Authenticate;
  readonly origins: Origins;
  readonly worker: Pick<Jobs, 'runNow'>;
}

export interface StartedTransfers {
  readonly imports: ImportService;
  readonly exports: ExportService;
  /** What became of rows of imports since this process started. */
  readonly tally: Omit<ImportTally, 'add'>;
  /** Passwords that are still hashes of another system. */
  readonly legacyHashes: ReturnType<typeof createLegacyHashCount>;
}

/** Moving users in and out. */
export function startTransfers(
  platform: Platform,
  secrets: Pick<Secrets, 'ring' | 'derive'>,
  { audit, connections, roles, mail, hashSettings, search, authenticate, origins, worker }: TransferServices,
): FeatureParts & { readonly transfers: StartedTransfers } {
  const { config } = platform;
  const ring = () => secrets.ring('transfers');
  const tally = createImportTally();
  const imports = new ImportService({ audit, connections, hashSettings, config: config.transfers, ring });
  const desk = new ImportDesk(imports, config.transfers, worker);
  const exports = new ExportService({ audit, connections, search, config: config.transfers });
  const exportDesk = new ExportDesk({
    ...{ audit, config: config.transfers, clock: platform.clock },
    linkKey: () => secrets.derive('download'),
  });
  const slots = new UploadSlots({
    ...{ audit, imports, config: config.transfers, ring },
    linkKey: () => secrets.derive('upload'),
  });
  const caller: CallerParts = {
    ...platform,
    authenticate,
    allowedOrigins: origins,
    isSecureIssuer: isSecureIssuer(config.http),
  };
  const uploads = { caller, service: imports, config: config.transfers };
  return {
    name: 'transfers',
    permissions: transferPermissions,
    resolvers: [
      new ImportResolver(desk),
      new ImportReportResolver(desk),
      new UploadSlotResolver(slots, config.http.issuer),
      new ExportResolver(exports, worker),
      new ExportDownloadResolver(exportDesk, config.http.issuer),
    ],
    jobs: [
      usersImportHandling({
        ...{ audit, connections, roles, hashSettings, ring },
        ...{ config: config.transfers, limits: config.metadata },
        wrapsDigests: config.passwords.wrapImported,
        factorRing: () => secrets.ring('factors'),
        report: reportByMail(mail),
        tally,
      }),
      usersExportHandling({
        ...{ audit, search, config: config.transfers },
        maskKey: () => secrets.derive('mask'),
        factorRing: () => secrets.ring('factors'),
        completeHash: (store, userId, stored) => hashSettings.complete(store, userId, stored),
      }),
    ],
    routes: [
      importRoute(uploads),
      uploadSlotRoute(uploads, slots),
      exportRoute(exportDesk, platform.storage),
    ],
    background: [transferSweep(platform)],
    transfers: {
      ...{ imports, exports, tally },
      legacyHashes: createLegacyHashCount(platform.storage, platform.clock),
    },
  };
}
