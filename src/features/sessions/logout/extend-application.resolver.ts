import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { ApplicationType } from '#src/features/applications/application.type';
import type { RequestContext } from '#src/graphql/request-context';
import type { SessionSettingsRow } from './session-settings.repository';
import type { SessionSettingsService } from './session-settings.service';
import {
  ApplicationSessionSettingsType,
  UpdateApplicationSessionSettingsInput,
  UpdateApplicationSessionSettingsPayload,
} from './session-settings.type';

@Resolver(() => ApplicationType)
export class ApplicationSessionSettingsResolver {
  constructor(private readonly settings: SessionSettingsService) {}

  @Auth({ permissions: [['read:applications']] })
  @FieldResolver(() => ApplicationSessionSettingsType, {
    nullable: true,
    description: 'What it wants of sessions.',
  })
  sessionSettings(
    @Root() { id }: ApplicationRow,
    @Ctx() { store }: RequestContext,
  ): Promise<SessionSettingsRow> {
    return this.settings.of(store, id);
  }

  @Auth({ permissions: [['update:applications']] })
  @Mutation(() => UpdateApplicationSessionSettingsPayload, {
    description: 'Says what an application wants of sessions: whether and of what it is told when they end.',
  })
  async updateApplicationSessionSettings(
    @Arg('input', () => UpdateApplicationSessionSettingsInput) input: UpdateApplicationSessionSettingsInput,
    @Ctx() context: RequestContext,
  ): Promise<{ application: ApplicationRow }> {
    return { application: await this.settings.update(context, input) };
  }
}
