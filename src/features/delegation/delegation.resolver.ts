import { Arg, Args, ArgsType, Ctx, Field, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { AuditEventRow } from '#src/features/audit/audit-event.repository';
import { AuditEventConnectionType } from '#src/features/audit/audit-event.type';
import { type DelegationLevelName } from '#src/features/delegation/delegation.type';
import { delegationLevels, levelOf } from '#src/features/delegation/delegation-level';
import type { HookName } from '#src/features/delegation/hooks/hook-definition';
import type { HookRow } from '#src/features/delegation/hooks/delegation-hook.repository';
import type { HookService, HookTrial } from '#src/features/delegation/hooks/hook.service';
import { requireLevel, requireSoundHooks } from '#src/features/delegation/operations/delegate';
import type { DelegationService, Settings } from '#src/features/delegation/operations/delegation.service';
import type { SearchService } from '#src/features/search/search.service';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import { UserConnectionType, UserType } from '#src/features/users/user.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';
import * as inputs from './delegation.input';
import * as types from './delegation.type';

@ArgsType()
class DaeUsersArgs extends ForwardPageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'A query as `users(q:)` takes it; it narrows what the filter lets through.',
  })
  search?: string | null;
}

@ArgsType()
class DaeLogsArgs extends ForwardPageArgs {
  @Field(() => ID, { nullable: true, description: 'Only what was done to this user.' })
  userId?: string | null;
}

interface UserPayload {
  readonly user: UserRow | null;
}

type Hook = Omit<HookRow, 'scope'> & { readonly organizationId: string | null };

/** Who holds none of the permissions is refused by the rule of the field; what takes a higher level is refused, and recorded, below it. */
const anyLevel = () =>
  Auth({ permissions: [['dae:read_users'], ['dae:manage_users'], ['dae:read_logs'], ['dae:manage_config']] });

@Resolver()
export class DelegationQueryResolver {
  constructor(
    private readonly delegation: DelegationService,
    private readonly hooks: HookService,
    private readonly search: SearchService,
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

  @anyLevel()
  @Query(() => types.DaeSettingsType, { nullable: true, description: 'What the caller is offered.' })
  daeSettings(@Ctx() context: RequestContext): Settings {
    return this.delegation.settings(context);
  }

  @anyLevel()
  @Query(() => UserConnectionType, {
    nullable: true,
    description: 'The users that the caller reaches, who signed in last first.',
  })
  async daeUsers(
    @Args(() => DaeUsersArgs) args: DaeUsersArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<UserRow>> {
    requireLevel(context, 0);
    requireSoundHooks(context);
    const { search, first = 10, after = null } = args;
    const { page, count } = await this.search.users(context, { q: search ?? null, first, after });
    return toConnection(page, async () => (await count()).total);
  }

  @anyLevel()
  @Query(() => UserType, {
    nullable: true,
    description: 'One user, opened: that leaves a record. Null when out of reach.',
  })
  async daeUser(
    @Arg('id', () => ID, { description: 'The user.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<UserRow | null> {
    requireSoundHooks(context);
    const opened = await this.delegation.open(context, id);
    return opened === null ? null : context.load(userById).load(opened);
  }

  @anyLevel()
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

  @Auth({ permissions: [['dae:manage_config']] })
  @Query(() => [types.DaeHookType], {
    nullable: true,
    description: 'Every version of a hook, the newest first; at most 1,000.',
  })
  async daeHookVersions(
    @Arg('name', () => types.DaeHookName, { description: 'Which hook.' }) name: HookName,
    @Arg('organizationId', () => ID, { nullable: true, description: 'The organization that it is for.' })
    organizationId: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<readonly Hook[]> {
    return (await this.hooks.versions(context, name, organizationId ?? null)).map(shown);
  }

  @Auth({ permissions: [['dae:manage_config']] })
  @Query(() => types.DaeHookTrialType, {
    nullable: true,
    description: 'Tries a definition on one user; writes nothing.',
  })
  testDaeHook(
    @Arg('input', () => inputs.TestDaeHookInput, { description: 'What, by whom and on whom.' })
    input: inputs.TestDaeHookInput,
    @Ctx() context: RequestContext,
  ): Promise<HookTrial> {
    return this.hooks.test(context, input);
  }
}

@Resolver()
export class DelegationMutationResolver {
  constructor(
    private readonly delegation: DelegationService,
    private readonly hooks: HookService,
  ) {}

  @Auth({ permissions: [['dae:manage_config']] })
  @Mutation(() => types.SaveDaeHookPayload, {
    description:
      'Saves a hook, in force from the next request on. A definition that is not understood is refused with its place.',
  })
  async saveDaeHook(
    @Arg('input', () => inputs.SaveDaeHookInput) input: inputs.SaveDaeHookInput,
    @Ctx() context: RequestContext,
  ): Promise<{ hook: Hook }> {
    return { hook: shown(await this.hooks.save(context, input)) };
  }

  @Auth({ permissions: [['dae:manage_config']] })
  @Mutation(() => types.RestoreDaeHookPayload, {
    description: 'Makes an earlier version of a hook the newest.',
  })
  async restoreDaeHook(
    @Arg('input', () => inputs.RestoreDaeHookInput) input: inputs.RestoreDaeHookInput,
    @Ctx() context: RequestContext,
  ): Promise<{ hook: Hook }> {
    return { hook: shown(await this.hooks.restore(context, input)) };
  }

  @anyLevel()
  @Mutation(() => types.DaeCreateUserPayload, {
    description: 'Creates a user, as settings and write hook say. Takes the level USER.',
  })
  async daeCreateUser(
    @Arg('input', () => inputs.DaeCreateUserInput) input: inputs.DaeCreateUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.delegation.create(context, input));
  }

  @anyLevel()
  @Mutation(() => types.DaeUpdateProfilePayload, {
    description: 'Changes custom fields of a user, as settings and write hook say. Takes the level USER.',
  })
  async daeUpdateProfile(
    @Arg('input', () => inputs.DaeUpdateProfileInput) input: inputs.DaeUpdateProfileInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.delegation.updateProfile(context, input));
  }

  @anyLevel()
  @Mutation(() => types.DaeChangeEmailPayload, {
    description: 'Gives a user another address. Takes the level USER.',
  })
  async daeChangeEmail(
    @Arg('input', () => inputs.DaeChangeEmailInput) input: inputs.DaeChangeEmailInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.delegation.changeEmail(context, input.id, input.email));
  }

  @anyLevel()
  @Mutation(() => types.DaeChangeUsernamePayload, {
    description: 'Gives a user another username. Takes the level USER.',
  })
  async daeChangeUsername(
    @Arg('input', () => inputs.DaeChangeUsernameInput) input: inputs.DaeChangeUsernameInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.delegation.changeUsername(context, input.id, input.username));
  }

  @anyLevel()
  @Mutation(() => types.DaeChangePasswordPayload, {
    description: 'Gives a user another password and ends all sessions. Takes the level USER.',
  })
  async daeChangePassword(
    @Arg('input', () => inputs.DaeChangePasswordInput) input: inputs.DaeChangePasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.delegation.changePassword(context, input.id, input.password));
  }

  @anyLevel()
  @Mutation(() => types.DaeBlockUserPayload, {
    description: 'Keeps a user from signing in. Takes the level USER.',
  })
  async daeBlockUser(
    @Arg('input', () => inputs.DaeBlockUserInput) input: inputs.DaeBlockUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.delegation.block(context, input.id));
  }

  @anyLevel()
  @Mutation(() => types.DaeUnblockUserPayload, {
    description: 'Lets a blocked user sign in again. Takes the level USER.',
  })
  async daeUnblockUser(
    @Arg('input', () => inputs.DaeUnblockUserInput) input: inputs.DaeUnblockUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.delegation.unblock(context, input.id));
  }

  @anyLevel()
  @Mutation(() => types.DaeDeleteUserPayload, { description: 'Deletes a user. Takes the level USER.' })
  async daeDeleteUser(
    @Arg('input', () => inputs.DaeDeleteUserInput) { id }: inputs.DaeDeleteUserInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    const deletedId = await this.delegation.delete(context, id);
    context.load(userById).clear(id);
    return { deletedId };
  }
}

function shown({ scope, ...row }: HookRow): Hook {
  return { ...row, organizationId: scope === '' ? null : scope };
}

async function reload(context: RequestContext, id: string): Promise<UserPayload> {
  const loader = context.load(userById);
  loader.clear(id);
  return { user: await loader.load(id) };
}
