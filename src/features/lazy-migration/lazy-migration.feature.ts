import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import { createAttemptTally, type AttemptTally } from '#src/features/lazy-migration/attempts/attempt-tally';
import { MigrationSourceService } from '#src/features/lazy-migration/sources/migration-source.service';
import { SourceDesk } from '#src/features/lazy-migration/sources/source-desk';
import { buryUsers } from '#src/features/lazy-migration/users/bury-users';
import { sourceNoticeHandling } from '#src/features/lazy-migration/telling/source-notice.job';
import { SourceTeller } from '#src/features/lazy-migration/telling/source-teller';
import type { MigrateParts } from '#src/features/lazy-migration/users/migrate-user';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import type { FeatureParts } from '#src/graphql/feature';
import type { Outbound } from '#src/http/outbound';
import { ending } from '#src/jobs/background';
import { LazyMigrationService } from './lazy-migration.service';
import { sealedColumn } from '#src/storage/sealed-column';
import { MigrationSourceEntity } from '#src/features/lazy-migration/sources/migration-source.entity';
import { sealPurpose } from '#src/features/lazy-migration/sources/source-desk';
import { MigrationResolver } from './migration.resolver';

export interface LazyMigrationServices extends Omit<MigrateParts, 'factorRing'> {
  readonly connections: ConnectionService;
  readonly organizations: Pick<OrganizationService, 'byId'>;
  readonly outbound: Outbound;
}

export type LazyMigrationPlatform = Pick<Platform, 'storage' | 'clock' | 'logger'> & {
  readonly config: Pick<Platform['config'], 'migration'>;
};

export interface StartedLazyMigration {
  readonly migrations: LazyMigrationService;
  readonly sources: MigrationSourceService;
  readonly tally: AttemptTally;
}

export function startLazyMigration(
  platform: LazyMigrationPlatform,
  secrets: Pick<Secrets, 'ring'>,
  services: LazyMigrationServices,
): FeatureParts & StartedLazyMigration {
  const { clock, config } = platform;
  const { outbound } = services;
  const tally = createAttemptTally(platform);
  const desk = new SourceDesk({
    ...{ secrets, clock, outbound },
    config: config.migration,
    verifyHash: (stored, password) => services.passwords.verifyStored(stored, password),
  });
  const migrations = new LazyMigrationService({
    ...{ ...services, desk, tally },
    factorRing: () => secrets.ring('factors'),
  });
  const sources = new MigrationSourceService({
    ...{ ...services, secrets, desk, tally },
    config: config.migration,
  });
  const teller = new SourceTeller({
    ...{ connections: services.connections, passwords: services.passwords, desk, tally },
    signIn: (call, attempt) => migrations.signIn(call, attempt),
  });
  const { hooks } = services.users;
  services.passwords.elsewhere = teller;
  hooks.elsewhere = {
    knows: (...asked) => migrations.knows(...asked),
    bring: (...asked) => migrations.bring(...asked),
    make: (...asked) => teller.make(...asked),
  };
  // The source hears of deletions by the ids that are taken from the records of the moves next.
  hooks.deleting.push((...asked) => teller.deleted(...asked), buryUsers);
  hooks.addressed.push((...asked) => teller.addressed(...asked));
  return {
    name: 'lazy-migration',
    sealed: [sealedColumn(MigrationSourceEntity, ['connection'], 'sealed', sealPurpose)],
    resolvers: [new MigrationResolver(sources)],
    migrations,
    sources,
    tally,
    jobs: [sourceNoticeHandling({ desk, tally })],
    background: [tally, ending(() => desk.close())],
  };
}
