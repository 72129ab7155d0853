import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipType } from '#src/features/organizations/members/membership.type';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';

@ObjectType('AddOrganizationMembersPayload', { description: 'The organization with its new members.' })
@WithParent()
export class AddOrganizationMembersPayload {
  @Field(() => OrganizationType, { nullable: true, description: 'The organization as it is now.' })
  organization!: OrganizationRow;
}

@ObjectType('RemoveOrganizationMembersPayload', { description: 'The organization without those members.' })
@WithParent()
export class RemoveOrganizationMembersPayload {
  @Field(() => OrganizationType, { nullable: true, description: 'The organization as it is now.' })
  organization!: OrganizationRow;
}

@ObjectType('AddMemberRolesPayload', { description: 'The membership with its new roles.' })
@WithParent()
export class AddMemberRolesPayload {
  @Field(() => MembershipType, { nullable: true, description: 'The membership as it is now.' })
  membership!: MembershipRow;
}

@ObjectType('RemoveMemberRolesPayload', { description: 'The membership without those roles.' })
@WithParent()
export class RemoveMemberRolesPayload {
  @Field(() => MembershipType, { nullable: true, description: 'The membership as it is now.' })
  membership!: MembershipRow;
}
