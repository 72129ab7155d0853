import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  CancelMyDeletionPayload,
  CreateMyDataExportPayload,
  DeleteMePayload,
  RevokeMySessionsPayload,
  UpdateMyProfilePayload,
} from '#src/features/my-account/my-account-payload.type';
import { RevokeMySessionsInput } from '#src/features/my-account/my-account.input';
import {
  cancelDeletion,
  deleteAccount,
  type DeletionParts,
} from '#src/features/my-account/deletion/delete-account';
import { exportOwnData, type ExportParts } from '#src/features/my-account/export/data-export';
import { UpdateMyProfileInput } from '#src/features/my-account/profile/profile.input';
import { updateOwnProfile } from '#src/features/my-account/profile/update-profile';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import { metadataByUser } from '#src/features/metadata/metadata.loader';
import { sessionsByUser } from '#src/features/sessions/session.loader';
import { userById } from '#src/features/users/user.loader';
import type { RequestContext } from '#src/graphql/request-context';

/** What people do with their own account. */
@Resolver()
export class MyAccountChangesResolver {
  constructor(private readonly parts: DeletionParts & ExportParts) {}

  @Auth({ permissions: [['update:me:profile']] })
  @Mutation(() => UpdateMyProfilePayload, {
    description:
      'Changes the caller’s own profile and user_metadata, all or nothing. FORBIDDEN_ARGUMENT for what users never change of themselves and for what a stored rule forbids; OPERATION_NOT_SUPPORTED for what an identity provider owns.',
  })
  async updateMyProfile(
    @Arg('input', () => UpdateMyProfileInput) input: UpdateMyProfileInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateMyProfilePayload> {
    const userId = await updateOwnProfile(this.parts, context, input);
    context.load(metadataByUser).clear(userId);
    context.load(userById).clear(userId);
    return { user: await context.load(userById).load(userId) };
  }

  @Auth({ permissions: [['create:me:data_export']] })
  @Mutation(() => CreateMyDataExportPayload, {
    description:
      'Answers what is stored about the caller. STEP_UP_REQUIRED as for `startEnrollment`; LIMIT_EXCEEDED above 5 MB.',
  })
  createMyDataExport(@Ctx() context: RequestContext): Promise<CreateMyDataExportPayload> {
    return exportOwnData(this.parts, context);
  }

  @Auth({ permissions: [['delete:me:sessions']] })
  @Mutation(() => RevokeMySessionsPayload, {
    description: 'Ends the caller’s sessions. STEP_UP_REQUIRED as for `startEnrollment`.',
  })
  async revokeMySessions(
    @Arg('input', () => RevokeMySessionsInput) { exceptCurrent }: RevokeMySessionsInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokeMySessionsPayload> {
    const userId = requireUserId(context);
    await requireStepUp(this.parts.config.factors, context.store, context, userId);
    const except = exceptCurrent !== false;
    const { count } = await this.parts.sessions.revokeAll(context, { userId, exceptCurrent: except });
    sessionsByUser.forget(context);
    return { revokedCount: count };
  }

  @Auth({ permissions: [['delete:me']] })
  @Mutation(() => DeleteMePayload, {
    description:
      'Ends all sessions of the caller and has the account deleted, after 14 days unless the operator set otherwise. STEP_UP_REQUIRED as for `startEnrollment`.',
  })
  async deleteMe(@Ctx() context: RequestContext): Promise<DeleteMePayload> {
    const userId = requireUserId(context);
    return { userId, deleteAt: await deleteAccount(this.parts, context) };
  }

  @Auth({ permissions: [['delete:me']] })
  @Mutation(() => CancelMyDeletionPayload, {
    description: 'Keeps an account that was about to be deleted. NOT_FOUND where it was not.',
  })
  async cancelMyDeletion(@Ctx() context: RequestContext): Promise<CancelMyDeletionPayload> {
    await cancelDeletion(this.parts, context);
    return { user: await context.load(userById).load(requireUserId(context)) };
  }
}
