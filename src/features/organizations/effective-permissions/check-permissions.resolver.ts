import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { checkPermissions } from '#src/features/organizations/effective-permissions/check-permissions';
import { CheckPermissionsInput } from '#src/features/organizations/effective-permissions/check-permissions.input';
import { PermissionCheckType } from '#src/features/organizations/effective-permissions/permission-check.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class CheckPermissionsResolver {
  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('permissions')
  @Query(() => [PermissionCheckType], {
    nullable: true,
    description:
      'Whether a user may do up to 100 things, in the order of the question. Null for a user out of reach.',
  })
  checkPermissions(
    @Arg('input', () => CheckPermissionsInput) input: CheckPermissionsInput,
    @Ctx() context: RequestContext,
  ): ReturnType<typeof checkPermissions> {
    return checkPermissions(context, { ...input, organizationId: input.organizationId ?? null });
  }
}
