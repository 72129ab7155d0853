import { Arg, Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import {
  effectivePermissions,
  countPermissionsOf,
} from '#src/features/organizations/effective-permissions/effective-permission.loader';
import type { EffectivePermissionRow } from '#src/features/organizations/effective-permissions/permission-slice.repository';
import {
  EffectivePermissionConnectionType,
  PermissionKind,
} from '#src/features/organizations/effective-permissions/effective-permission.type';
import { countMembershipsOf, membershipsByUser } from '#src/features/organizations/members/membership.loader';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipConnectionType } from '#src/features/organizations/members/membership.type';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { connectionOf, toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => UserType)
export class UserOrganizationsResolver {
  @Auth({ permissions: [['read:users', 'read:organization_members']], orSelf: true })
  @Attribute('organizations')
  @FieldResolver(() => MembershipConnectionType, {
    nullable: true,
    description: 'The organizations that the user belongs to, in the order of joining.',
  })
  organizations(
    @Root() { id }: UserRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Connection<MembershipRow> | Promise<Connection<MembershipRow>> {
    const rows = membershipsByUser.load(context, id, page, null);
    return connectionOf(rows, () => countMembershipsOf(context, 'userId', id));
  }

  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('permissions')
  @FieldResolver(() => EffectivePermissionConnectionType, {
    nullable: true,
    description: 'What the user may do, each with every way in which it came, in the order of names.',
  })
  async permissions(
    @Root() { id }: UserRow,
    @Arg('kind', () => PermissionKind, {
      defaultValue: PermissionKind.EFFECTIVE,
      description: 'All in force, or only those given directly.',
    })
    kind: PermissionKind,
    @Arg('organizationId', () => ID, {
      nullable: true,
      description:
        'Inside this organization; without it, outside of all, or inside the one that the caller is bound to.',
    })
    organizationId: string | null | undefined,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<EffectivePermissionRow>> {
    const scope = { kind, organizationId: organizationId ?? null };
    const rows = await effectivePermissions(context, id, page, scope);
    return toConnection(rows, () => countPermissionsOf(context, id, scope));
  }
}
