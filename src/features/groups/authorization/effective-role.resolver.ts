import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import {
  effectiveRolesByMembership,
  type EffectiveRole,
  type RoleSource,
} from '#src/features/groups/authorization/effective-roles';
import { groupById } from '#src/features/groups/group.loader';
import type { GroupRow } from '#src/features/groups/group.repository';
import { GroupType } from '#src/features/groups/group.type';
import type { SourceRow } from '#src/features/organizations/effective-permissions/permission-slice.repository';
import { PermissionSourceType } from '#src/features/organizations/effective-permissions/effective-permission.type';
import { EffectiveRoleType, RoleSourceType } from '#src/features/organizations/members/effective-role.type';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipType } from '#src/features/organizations/members/membership.type';
import type { RequestContext } from '#src/graphql/request-context';

type Rows = readonly EffectiveRole[] | Promise<readonly EffectiveRole[]>;

@Resolver(() => MembershipType)
export class MembershipEffectiveRolesResolver {
  @Auth({ permissions: [['read:organization_member_roles']], orSelf: true })
  @Attribute('organizations.roles')
  @FieldResolver(() => [EffectiveRoleType], {
    nullable: true,
    description:
      'The roles in force for the member within this organization, own and through its groups, each with the ways in which it came.',
  })
  effectiveRoles(@Root() { id }: MembershipRow, @Ctx() context: RequestContext): Rows {
    return context.load(effectiveRolesByMembership).load(id);
  }
}

@Resolver(() => RoleSourceType)
export class RoleSourceResolver {
  @Auth({ permissions: [['read:groups']] })
  @FieldResolver(() => [GroupType], {
    nullable: true,
    description:
      'From the group that the user is in up to the one that has the role; empty for a direct role. Of one role, at most 100 ways are told.',
  })
  async path(@Root() { path }: RoleSource, @Ctx() context: RequestContext): Promise<readonly GroupRow[]> {
    return (await context.load(groupById).loadAll([...path])).filter((group) => group !== null);
  }
}

@Resolver(() => PermissionSourceType)
export class PermissionSourceGroupResolver {
  @Auth({ permissions: [['read:groups']] })
  @FieldResolver(() => GroupType, {
    nullable: true,
    description: 'The group that has the role; null where the user holds it.',
  })
  group(
    @Root() { groupId }: SourceRow,
    @Ctx() context: RequestContext,
  ): GroupRow | null | Promise<GroupRow | null> {
    return groupId === null ? null : context.load(groupById).load(groupId);
  }
}
