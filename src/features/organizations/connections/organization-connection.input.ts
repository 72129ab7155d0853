import { Field, ID, InputType } from 'type-graphql';
import type { ConnectionLinkChange } from '#src/features/organizations/connections/organization-connection.service';
import { OrganizationAccessLevel } from '#src/features/organizations/connections/organization-connection.type';

@InputType()
abstract class LinkFields implements ConnectionLinkChange {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => ID, { description: 'The connection.' })
  connectionId!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether people come through it; true by default. False keeps the other settings.',
  })
  isEnabled?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether who signs in through it becomes a member; false by default: only members get in.',
  })
  assignMembershipOnLogin?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether who signs in through it is a member exactly as long as the provider names one of membershipGroups: who became a member so and is named no more is removed. False by default; needs assignMembershipOnLogin and membershipGroups, and no database.',
  })
  syncMembership?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Names of groups at the provider (claim `groups`), for syncMembership: at most 20 of 1 to 255 characters; the list replaces the stored one.',
  })
  membershipGroups?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether people can sign up; false by default, databases only, needs assignMembershipOnLogin.',
  })
  isSignupEnabled?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the sign-in page shows it; true by default, enterprise directories only.',
  })
  showAsButton?: boolean | null;

  @Field(() => OrganizationAccessLevel, {
    nullable: true,
    description: 'What administrators of the organization see and change of the connection; NONE by default.',
  })
  organizationAccessLevel?: OrganizationAccessLevel | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its name for administrators of the organization, 1 to 255 characters; null removes it.',
  })
  organizationConnectionName?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Roles for who becomes a member by signing in, at most 50; the list replaces the stored one.',
  })
  defaultRoleIds?: string[] | null;
}

@InputType('LinkOrganizationConnectionInput', { description: 'A connection for an organization.' })
export class LinkOrganizationConnectionInput extends LinkFields {}

@InputType('UpdateOrganizationConnectionInput', {
  description: 'What changes in the link of a connection; what is left out stays.',
})
export class UpdateOrganizationConnectionInput extends LinkFields {}

@InputType('UnlinkOrganizationConnectionInput', {
  description: 'Which connection an organization is to lose.',
})
export class UnlinkOrganizationConnectionInput {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => ID, { description: 'The connection. Members who came through it stay members.' })
  connectionId!: string;
}
