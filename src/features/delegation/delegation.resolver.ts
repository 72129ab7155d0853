import { Arg, Args, ArgsType, Ctx, Field, ID, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { AuditEventRow } from '#src/features/audit/audit-event.repository';
import { AuditEventConnectionType } from '#src/features/audit/audit-event.type';
import { type DelegationLevelName } from '#src/features/delegation/delegation.type';
import { delegationLevels, levelOf } from '#src/features/delegation/delegation-level';
import type { HookName } from '#src/features/delegation/hooks/hook-definition';
import type { HookService, HookTrial } from '#src/features/delegation/hooks/hook.service';
import type { DelegationService } from '#src/features/delegation/operations/delegation.service';
import type { Settings } from '#src/features/delegation/operations/settings';
import { UserSortInput } from '#src/features/search/user-sort.type';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import { UserConnectionType, UserType } from '#src/features/users/user.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';
import * as inputs from './delegation.input';
import * as types from './delegation.type';
import { shownHook, type ShownHook } from './shown-hook';

@ArgsType()
class DaeUsersArgs extends ForwardPageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'A query as `users(q:)` takes it; it narrows what the filter lets through.',
  })
  search?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The path of an attribute, such as `email` or `app_metadata.desk`: then `search` is no query, but the beginning of its value, or empty for any value. VALIDATION_FAILED for attributes that hold no text, FIELD_NOT_SEARCHABLE for those closed to the caller.',
  })
  filterBy?: string | null;

  @Field(() => [UserSortInput], {
    nullable: true,
    description: 'At most three keys; who signed in last comes first by default.',
  })
  sort?: UserSortInput[] | null;
}

@ArgsType()
class DaeLogsArgs extends ForwardPageArgs {
  @Field(() => ID, { nullable: true, description: 'Only what was done to this user.' })
  userId?: string | null;
}

@Resolver()
export class DelegationQueryResolver {
  constructor(
    private readonly delegation: DelegationService,
    private readonly hooks: HookService,
  ) {}

  @Auth()
  @Query(() => types.DelegatedAdminType, { nullable: true, description: 'How far the caller may go.' })
  daeMe(@Ctx() { principal }: RequestContext): {
    level: DelegationLevelName | null;
    organizationId: string | null;
  } {
    const level = levelOf(principal.permissions);
    const name = level === null ? null : (delegationLevels[level] as DelegationLevelName);
    return { level: name, organizationId: principal.organizationId };
  }

  @Auth()
  @Query(() => types.DaeSettingsType, { nullable: true, description: 'What the caller is offered.' })
  daeSettings(
    @Arg('locale', () => String, {
      nullable: true,
      description: 'A language such as `de-AT`: of a dictionary by languages that part is answered.',
    })
    locale: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<Settings> {
    return this.delegation.settings(context, locale ?? null);
  }

  @Auth()
  @Query(() => UserConnectionType, {
    nullable: true,
    description: 'The users that the caller reaches, who signed in last first.',
  })
  async daeUsers(
    @Args(() => DaeUsersArgs) args: DaeUsersArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<UserRow>> {
    const { search, filterBy, sort, first = 10, after = null } = args;
    const asked = { search: search ?? null, filterBy: filterBy ?? null, sort: sort ?? null, first, after };
    const { page, count } = await this.delegation.users(context, asked);
    return toConnection(page, async () => (await count()).total);
  }

  @Auth()
  @Query(() => UserType, {
    nullable: true,
    description: 'One user, opened: that leaves a record. Null when out of reach.',
  })
  async daeUser(
    @Arg('id', () => ID, { description: 'The user.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<UserRow | null> {
    const opened = await this.delegation.open(context, id);
    return opened === null ? null : context.load(userById).load(opened);
  }

  @Auth()
  @Query(() => AuditEventConnectionType, {
    nullable: true,
    description: 'What was done to users within reach, newest first. Takes the level OPERATOR.',
  })
  async daeLogs(
    @Args(() => DaeLogsArgs) args: DaeLogsArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<AuditEventRow>> {
    const { userId = null, first = 20, after = null } = args;
    return toConnection(await this.delegation.logs(context, userId, { first, after }));
  }

  @Auth()
  @Query(() => [types.DaeHookType], {
    nullable: true,
    description: 'Every version of a hook, the newest first; at most 1,000.',
  })
  async daeHookVersions(
    @Arg('name', () => types.DaeHookName, { description: 'Which hook.' }) name: HookName,
    @Arg('organizationId', () => ID, { nullable: true, description: 'The organization that it is for.' })
    organizationId: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<readonly ShownHook[]> {
    return (await this.hooks.versions(context, name, organizationId ?? null)).map(shownHook);
  }

  @Auth()
  @Query(() => types.DaeHookTrialType, {
    nullable: true,
    description:
      'Tries a definition on one user; writes nothing. FORBIDDEN_ARGUMENT for a condition on an attribute that is hidden from the caller.',
  })
  testDaeHook(
    @Arg('input', () => inputs.TestDaeHookInput, { description: 'What, by whom and on whom.' })
    input: inputs.TestDaeHookInput,
    @Ctx() context: RequestContext,
  ): Promise<HookTrial> {
    return this.hooks.test(context, input);
  }
}
