import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Attribute, Auth, WithParent } from '#src/access/decorators';
import {
  AddMemberRolesPayload,
  AddOrganizationMembersPayload,
  RemoveMemberRolesPayload,
  RemoveOrganizationMembersPayload,
} from '#src/features/organizations/members/membership-payload.type';
import {
  AddMemberRolesInput,
  AddOrganizationMembersInput,
  RemoveMemberRolesInput,
  RemoveOrganizationMembersInput,
} from '#src/features/organizations/members/membership.input';
import type { MemberRoleService } from '#src/features/organizations/members/member-role.service';
import { forgetMemberships, rolesByMembership } from '#src/features/organizations/members/membership.loader';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import type { MembershipService } from '#src/features/organizations/members/membership.service';
import { MembershipType } from '#src/features/organizations/members/membership.type';
import { organizationById } from '#src/features/organizations/organization.loader';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleType } from '#src/features/roles/role.type';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';

type Maybe<Row> = Row | null | Promise<Row | null>;

@Resolver(() => MembershipType)
export class MembershipResolver {
  constructor(
    private readonly memberships: MembershipService,
    private readonly memberRoles: MemberRoleService,
  ) {}

  @WithParent()
  @FieldResolver(() => UserType, { nullable: true, description: 'The member.' })
  user(@Root() membership: MembershipRow, @Ctx() context: RequestContext): Maybe<UserRow> {
    return context.load(userById).load(membership.userId);
  }

  @WithParent()
  @FieldResolver(() => OrganizationType, { nullable: true, description: 'The organization.' })
  organization(@Root() membership: MembershipRow, @Ctx() context: RequestContext): Maybe<OrganizationRow> {
    return context.load(organizationById).load(membership.organizationId);
  }

  @Auth({ permissions: [['read:organization_member_roles']], orSelf: true })
  @Attribute('organizations.roles')
  @FieldResolver(() => [RoleType], {
    nullable: true,
    description: 'The roles that the member has within this organization, at most 50.',
  })
  roles(
    @Root() membership: MembershipRow,
    @Ctx() context: RequestContext,
  ): readonly RoleRow[] | Promise<readonly RoleRow[]> {
    return context.load(rolesByMembership).load(membership.id);
  }

  @Auth({ permissions: [['create:organization_members']] })
  @Mutation(() => AddOrganizationMembersPayload, { description: 'Makes users members; all of them or none.' })
  async addOrganizationMembers(
    @Arg('input', () => AddOrganizationMembersInput) input: AddOrganizationMembersInput,
    @Ctx() context: RequestContext,
  ): Promise<{ organization: OrganizationRow }> {
    const organization = await this.memberships.add(context, input);
    forgetMemberships(context);
    return { organization };
  }

  @Auth({ permissions: [['delete:organization_members']] })
  @Mutation(() => RemoveOrganizationMembersPayload, {
    description: 'Ends memberships and takes the roles that hang on them. The users stay.',
  })
  async removeOrganizationMembers(
    @Arg('input', () => RemoveOrganizationMembersInput) input: RemoveOrganizationMembersInput,
    @Ctx() context: RequestContext,
  ): Promise<{ organization: OrganizationRow }> {
    const organization = await this.memberships.remove(context, input);
    forgetMemberships(context);
    return { organization };
  }

  @Auth({ permissions: [['create:organization_member_roles']] })
  @Mutation(() => AddMemberRolesPayload, { description: 'Gives roles to a member; all of them or none.' })
  async addMemberRoles(
    @Arg('input', () => AddMemberRolesInput) input: AddMemberRolesInput,
    @Ctx() context: RequestContext,
  ): Promise<{ membership: MembershipRow }> {
    return changed(context, await this.memberRoles.add(context, input));
  }

  @Auth({ permissions: [['delete:organization_member_roles']] })
  @Mutation(() => RemoveMemberRolesPayload, { description: 'Takes roles from a member.' })
  async removeMemberRoles(
    @Arg('input', () => RemoveMemberRolesInput) input: RemoveMemberRolesInput,
    @Ctx() context: RequestContext,
  ): Promise<{ membership: MembershipRow }> {
    return changed(context, await this.memberRoles.remove(context, input));
  }
}

/** What an earlier mutation of the same request read of the membership is forgotten. */
function changed(context: RequestContext, membership: MembershipRow): { membership: MembershipRow } {
  context.load(rolesByMembership).clear(membership.id);
  return { membership };
}
