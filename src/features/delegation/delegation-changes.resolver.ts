import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { HookService } from '#src/features/delegation/hooks/hook.service';
import type { UserChangeService } from '#src/features/delegation/operations/user-changes.service';
import { methodsByUser } from '#src/features/factors/methods/authentication-method.loader';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { RequestContext } from '#src/graphql/request-context';
import * as inputs from './delegation.input';
import { shownHook, type ShownHook } from './shown-hook';
import * as types from './delegation.type';

interface UserPayload {
  readonly user: UserRow | null;
}

@Resolver()
export class DelegationMutationResolver {
  constructor(
    private readonly changes: UserChangeService,
    private readonly hooks: HookService,
  ) {}

  @Auth()
  @Mutation(() => types.SaveDaeHookPayload, {
    description:
      'Saves a hook, in force from the next request on. A definition that is not understood is refused with its place.',
  })
  async saveDaeHook(
    @Arg('input', () => inputs.SaveDaeHookInput) input: inputs.SaveDaeHookInput,
    @Ctx() context: RequestContext,
  ): Promise<{ hook: ShownHook }> {
    return { hook: shownHook(await this.hooks.save(context, input)) };
  }

  @Auth()
  @Mutation(() => types.RestoreDaeHookPayload, {
    description: 'Makes an earlier version of a hook the newest.',
  })
  async restoreDaeHook(
    @Arg('input', () => inputs.RestoreDaeHookInput) input: inputs.RestoreDaeHookInput,
    @Ctx() context: RequestContext,
  ): Promise<{ hook: ShownHook }> {
    return { hook: shownHook(await this.hooks.restore(context, input)) };
  }

  @Auth()
  @Mutation(() => types.DaeCreateUserPayload, {
    description: 'Creates a user, as settings and write hook say. Takes the level USER.',
  })
  async daeCreateUser(
    @Arg('input', () => inputs.DaeCreateUserInput) input: inputs.DaeCreateUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.create(context, input));
  }

  @Auth()
  @Mutation(() => types.DaeUpdateProfilePayload, {
    description: 'Changes custom fields of a user, as settings and write hook say. Takes the level USER.',
  })
  async daeUpdateProfile(
    @Arg('input', () => inputs.DaeUpdateProfileInput) input: inputs.DaeUpdateProfileInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.updateProfile(context, input));
  }

  @Auth()
  @Mutation(() => types.DaeChangeEmailPayload, {
    description: 'Gives a user another address. Takes the level USER.',
  })
  async daeChangeEmail(
    @Arg('input', () => inputs.DaeChangeEmailInput) input: inputs.DaeChangeEmailInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.changeEmail(context, input.id, input.email));
  }

  @Auth()
  @Mutation(() => types.DaeChangeUsernamePayload, {
    description: 'Gives a user another username. Takes the level USER.',
  })
  async daeChangeUsername(
    @Arg('input', () => inputs.DaeChangeUsernameInput) input: inputs.DaeChangeUsernameInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.changeUsername(context, input.id, input.username));
  }

  @Auth()
  @Mutation(() => types.DaeChangePasswordPayload, {
    description: 'Gives a user another password and ends all sessions. Takes the level USER.',
  })
  async daeChangePassword(
    @Arg('input', () => inputs.DaeChangePasswordInput) input: inputs.DaeChangePasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.changePassword(context, input.id, input.password));
  }

  @Auth()
  @Mutation(() => types.DaeBlockUserPayload, {
    description: 'Keeps a user from signing in. Takes the level USER.',
  })
  async daeBlockUser(
    @Arg('input', () => inputs.DaeBlockUserInput) input: inputs.DaeBlockUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.block(context, input.id));
  }

  @Auth()
  @Mutation(() => types.DaeUnblockUserPayload, {
    description: 'Lets a blocked user sign in again. Takes the level USER.',
  })
  async daeUnblockUser(
    @Arg('input', () => inputs.DaeUnblockUserInput) input: inputs.DaeUnblockUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.unblock(context, input.id));
  }

  @Auth()
  @Mutation(() => types.DaeResetPasswordPayload, {
    description:
      'Sends a user the link to choose a new password, which nobody else learns. Takes the level USER. VALIDATION_FAILED where no mail would be sent: `reason` CONNECTION, NO_ADDRESS or BLOCKED.',
  })
  async daeResetPassword(
    @Arg('input', () => inputs.DaeResetPasswordInput) input: inputs.DaeResetPasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.resetPassword(context, input.id));
  }

  @Auth()
  @Mutation(() => types.DaeSendVerificationPayload, {
    description:
      'Sends a user the link that verifies the address. Takes the level USER. VALIDATION_FAILED where no mail would be sent: `reason` CONNECTION, NO_ADDRESS, BLOCKED or VERIFIED.',
  })
  async daeSendVerification(
    @Arg('input', () => inputs.DaeSendVerificationInput) input: inputs.DaeSendVerificationInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.changes.sendVerification(context, input.id));
  }

  @Auth()
  @Mutation(() => types.DaeClearBlocksPayload, {
    description:
      'Lets a user who was shut out after failures, or a network for that user, try to sign in again. Takes the level USER.',
  })
  async daeClearBlocks(
    @Arg('input', () => inputs.DaeClearBlocksInput) { id }: inputs.DaeClearBlocksInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload & { clearedCount: number }> {
    const clearedCount = await this.changes.clearBlocks(context, id);
    return { ...(await reload(context, id)), clearedCount };
  }

  @Auth()
  @Mutation(() => types.DaeRemoveMfaPayload, {
    description:
      'Removes second factors and passkeys of a user, of one type or all, and ends the user’s sessions. Takes the level USER.',
  })
  async daeRemoveMfa(
    @Arg('input', () => inputs.DaeRemoveMfaInput) { id, type }: inputs.DaeRemoveMfaInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload & { removedCount: number }> {
    const removedCount = await this.changes.removeMfa(context, id, type ?? null);
    context.load(methodsByUser).clear(id);
    return { ...(await reload(context, id)), removedCount };
  }

  @Auth()
  @Mutation(() => types.DaeDeleteUserPayload, { description: 'Deletes a user. Takes the level USER.' })
  async daeDeleteUser(
    @Arg('input', () => inputs.DaeDeleteUserInput) { id }: inputs.DaeDeleteUserInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    const deletedId = await this.changes.delete(context, id);
    context.load(userById).clear(id);
    return { deletedId };
  }
}

async function reload(context: RequestContext, id: string): Promise<UserPayload> {
  const loader = context.load(userById);
  loader.clear(id);
  return { user: await loader.load(id) };
}
