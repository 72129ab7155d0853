import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { SourceWrite } from '#src/features/lazy-migration/sources/migration-source';
import type {
  MigrationSourceService,
  MoveStatus,
  ShownSource,
} from '#src/features/lazy-migration/sources/migration-source.service';
import { commonErrors } from '#src/shared/errors';
import type { RequestContext } from '#src/graphql/request-context';
import { settingsOf } from './given-settings';
import {
  FinishMigrationInput,
  SetImportModeInput,
  SetMigrationSourceInput,
  TestMigrationSourceInput,
} from './migration.input';
import {
  FinishMigrationPayload,
  MigrationStatusType,
  SetImportModePayload,
  SetMigrationSourcePayload,
  TestMigrationSourcePayload,
  type MigrationSourceType,
} from './migration.type';

const longestIdentifier = 320;

@Resolver()
export class MigrationResolver {
  constructor(private readonly sources: MigrationSourceService) {}

  @Auth({ permissions: [['read:connections']] })
  @Query(() => MigrationStatusType, {
    nullable: true,
    description: 'How far the move of a connection has come. CONNECTION_NOT_FOUND for an unknown one.',
  })
  async migrationStatus(
    @Arg('connectionId', () => ID, { description: 'Id or name of the connection.' }) connectionId: string,
    @Ctx() context: RequestContext,
  ): Promise<MigrationStatusType> {
    return statusType(await this.sources.status(context, connectionId));
  }

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => SetMigrationSourcePayload, {
    description:
      'Sets the system that users of a connection come from at their first sign-in, in the place of a former one. VALIDATION_FAILED names what is wrong; FORBIDDEN (`reason` STRONGER) where somebody of the connection may do more than the caller.',
  })
  async setMigrationSource(
    @Arg('input', () => SetMigrationSourceInput) input: SetMigrationSourceInput,
    @Ctx() context: RequestContext,
  ): Promise<SetMigrationSourcePayload> {
    const { connectionId, isEnabled } = input;
    const change = { settings: settingsOf(input), isEnabled: isEnabled ?? true };
    return { source: sourceType(await this.sources.set(context, connectionId, change)) };
  }

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => TestMigrationSourcePayload, {
    description:
      'Asks the source as a sign-in would, without any consequence but a record. MIGRATION_SOURCE_NOT_FOUND where there is none.',
  })
  testMigrationSource(
    @Arg('input', () => TestMigrationSourceInput) input: TestMigrationSourceInput,
    @Ctx() context: RequestContext,
  ): Promise<TestMigrationSourcePayload> {
    const { connectionId, identifier, password } = input;
    if (identifier.length === 0 || identifier.length > longestIdentifier) {
      throw commonErrors.VALIDATION_FAILED({
        message: `An identifier has 1 to ${longestIdentifier} characters.`,
        extensions: { field: 'identifier', limit: longestIdentifier },
      });
    }
    return this.sources.test(context, connectionId, { identifier, password: password ?? null });
  }

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => SetImportModePayload, {
    description:
      'Says where the passwords of a connection are kept: here from the first sign-in on, or at its source alone. MIGRATION_SOURCE_NOT_FOUND for switching it off without an enabled source; FORBIDDEN (`reason` STRONGER) where somebody of the connection may do more than the caller.',
  })
  async setImportMode(
    @Arg('input', () => SetImportModeInput) { connectionId, isOn }: SetImportModeInput,
    @Ctx() context: RequestContext,
  ): Promise<SetImportModePayload> {
    return { status: statusType(await this.sources.setImportMode(context, connectionId, isOn)) };
  }

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => FinishMigrationPayload, {
    description:
      'Ends a move: the source is not asked any more and its credentials are forgotten. MIGRATION_SOURCE_NOT_FOUND where there is none.',
  })
  async finishMigration(
    @Arg('input', () => FinishMigrationInput) { connectionId }: FinishMigrationInput,
    @Ctx() context: RequestContext,
  ): Promise<FinishMigrationPayload> {
    return { status: statusType(await this.sources.finish(context, connectionId)) };
  }
}

function statusType(status: MoveStatus): MigrationStatusType {
  return { ...status, source: status.source === null ? null : sourceType(status.source) };
}

function sourceType({ settings, ...row }: ShownSource): MigrationSourceType {
  const { connection, kind, isEnabled, createdAt, updatedAt, finishedAt } = row;
  return {
    ...{ connection, kind, isEnabled, createdAt, updatedAt, finishedAt },
    url: (settings['url'] as string | undefined) ?? null,
    database: (settings['database'] as string | undefined) ?? null,
    script: (settings['script'] as string | undefined) ?? null,
    timeoutMs: (settings['timeoutMs'] as number | undefined) ?? null,
    prefixIds: settings['prefixIds'] === true,
    allowReimport: settings['allowReimport'] === true,
    writeBack: (settings['writeBack'] as readonly SourceWrite[] | undefined) ?? [],
  };
}
