import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  DeleteProfileStepInput,
  DismissProfileStepInput,
  SaveProfileStepInput,
  SubmitProfileStepInput,
} from './profile-step.input';
import { stepsByUser } from './profile-step.loader';
import type { ProfileStepRow } from './profile-step.repository';
import type { ProfileStepService } from './profile-step.service';
import {
  DeleteProfileStepPayload,
  DismissProfileStepPayload,
  ProfileStepType,
  SaveProfileStepPayload,
  SubmitProfileStepPayload,
} from './profile-step.type';
import { metadataByUser } from '#src/features/metadata/metadata.loader';
import type { UserRow } from '#src/features/users/user-row';
import { userById } from '#src/features/users/user.loader';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class ProfileStepResolver {
  constructor(private readonly steps: ProfileStepService) {}

  @Auth({ permissions: [['read:profile_steps']] })
  @Query(() => [ProfileStepType], {
    nullable: true,
    description: 'What users are asked for, in order, disabled steps included; at most 50.',
  })
  profileSteps(@Ctx() context: RequestContext): Promise<ProfileStepRow[]> {
    return this.steps.list(context);
  }

  @Auth({ permissions: [['update:profile_steps']] })
  @Mutation(() => SaveProfileStepPayload, { description: 'Makes or replaces a step.' })
  async saveProfileStep(
    @Arg('input', () => SaveProfileStepInput) input: SaveProfileStepInput,
    @Ctx() context: RequestContext,
  ): Promise<SaveProfileStepPayload> {
    return { profileStep: await this.steps.save(context, input) };
  }

  @Auth({ permissions: [['update:profile_steps']] })
  @Mutation(() => DeleteProfileStepPayload, {
    description: 'Deletes a step; the values stay in the profiles.',
  })
  async deleteProfileStep(
    @Arg('input', () => DeleteProfileStepInput) { key }: DeleteProfileStepInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteProfileStepPayload> {
    await this.steps.delete(context, key);
    return { deletedKey: key };
  }

  // Whose step it is, is decided by the service: without `userId` it is the caller's own.
  @Auth()
  @Mutation(() => SubmitProfileStepPayload, {
    description: 'Answers a step: the value is written where the step says, who gave it is kept.',
  })
  async submitProfileStep(
    @Arg('input', () => SubmitProfileStepInput) { value, ...target }: SubmitProfileStepInput,
    @Ctx() context: RequestContext,
  ): Promise<SubmitProfileStepPayload> {
    return reload(context, await this.steps.submit(context, target, value));
  }

  @Auth()
  @Mutation(() => DismissProfileStepPayload, { description: 'Puts a step off for as long as it allows.' })
  async dismissProfileStep(
    @Arg('input', () => DismissProfileStepInput) target: DismissProfileStepInput,
    @Ctx() context: RequestContext,
  ): Promise<DismissProfileStepPayload> {
    return reload(context, await this.steps.dismiss(context, target));
  }
}

/** What an earlier field of the same request read of the user is forgotten. */
async function reload(context: RequestContext, userId: string): Promise<{ user: UserRow | null }> {
  context.load(stepsByUser).clear(userId);
  context.load(metadataByUser).clear(userId);
  const users = context.load(userById);
  users.clear(userId);
  return { user: await users.load(userId) };
}
