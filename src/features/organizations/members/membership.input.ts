import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import type { MemberRoles } from '#src/features/organizations/members/member-role.service';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { OrganizationMembers } from '#src/features/organizations/members/membership.service';

@ArgsType()
export class MemberListArgs extends ForwardPageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only members that this query finds, in the language of `users(q:)` and with its refusals.',
  })
  q?: string | null;
}

@InputType('AddOrganizationMembersInput', {
  description: 'New members of an organization; present members stay.',
})
export class AddOrganizationMembersInput implements OrganizationMembers {
  @Field(() => ID, { description: 'The organization.' })
  id!: string;

  @Attribute('organizations')
  @Field(() => [ID], { description: '1 to 50 users. One that does not exist fails the whole call.' })
  userIds!: string[];
}

@InputType('RemoveOrganizationMembersInput', { description: 'Members that leave an organization.' })
export class RemoveOrganizationMembersInput implements OrganizationMembers {
  @Field(() => ID, { description: 'The organization.' })
  id!: string;

  @Attribute('organizations')
  @Field(() => [ID], {
    description: '1 to 50 users; they lose their roles in this organization, and nothing else.',
  })
  userIds!: string[];
}

@InputType('AddMemberRolesInput', {
  description: 'Roles for a member of an organization; those held already stay.',
})
export class AddMemberRolesInput implements MemberRoles {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => ID, { description: 'The member.' })
  userId!: string;

  @Attribute('organizations.roles')
  @Field(() => [ID], { description: '1 to 50 roles: of the deployment, or the organization’s own.' })
  roleIds!: string[];
}

@InputType('RemoveMemberRolesInput', { description: 'Roles that a member of an organization is to lose.' })
export class RemoveMemberRolesInput implements MemberRoles {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => ID, { description: 'The member.' })
  userId!: string;

  @Attribute('organizations.roles')
  @Field(() => [ID], { description: '1 to 50 roles; those that the member does not hold change nothing.' })
  roleIds!: string[];
}
