import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import type { AcceptInvitation } from '#src/features/organizations/invitations/accept-invitation';
import type { RevokeInvitations } from '#src/features/organizations/invitations/invitation.service';
import { InvitationStatus } from '#src/features/organizations/invitations/invitation.type';
import type { SignUp } from '#src/features/organizations/invitations/invited-account';
import type { InviteMembers } from '#src/features/organizations/invitations/issue-invitations';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import { JsonScalar } from '#src/graphql/scalars';

@ArgsType()
export class InvitationListArgs extends ForwardPageArgs {
  @Field(() => [InvitationStatus], {
    nullable: true,
    description: 'Only invitations that stand so; all by default.',
  })
  status?: InvitationStatus[] | null;
}

@InputType('InviterInput', { description: 'Who invites.' })
export class InviterInput {
  @Field(() => String, { description: 'The name that the message shows: 1 to 300 characters.' })
  name!: string;
}

@InputType('InviteeInput', { description: 'Who is invited.' })
export class InviteeInput {
  @Field(() => String, {
    description: 'The e-mail address. Whoever accepts must have an account of this address.',
  })
  email!: string;
}

@InputType('InviteMembersInput', { description: 'Invites 1 to 10 people on the same terms.' })
export class InviteMembersInput implements InviteMembers {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => InviterInput, { description: 'Who invites.' })
  inviter!: InviterInput;

  @Field(() => [InviteeInput], {
    description: 'Who is invited. An outstanding invitation of the same address is revoked.',
  })
  invitees!: InviteeInput[];

  @Field(() => ID, {
    nullable: true,
    description:
      'The application that the invitation leads to; it is enabled and has an initiateLoginUri. Default: the operator’s page.',
  })
  clientId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The connection that the person must come through; any by default. Not a passwordless one.',
  })
  connectionId?: string | null;

  @Attribute('organizations.roles')
  @Field(() => [ID], {
    nullable: true,
    description: 'Roles within the organization, at most 50. You may give only roles that you hold.',
  })
  roleIds?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds until it runs out; 604800 (7 days) by default and for 0, at most 2592000 (30 days).',
  })
  ttlSec?: number | null;

  @Attribute('user_metadata')
  @Field(() => JsonScalar, { nullable: true, description: 'Merged into the user_metadata of who accepts.' })
  userMetadata?: unknown;

  @Attribute('app_metadata')
  @Field(() => JsonScalar, { nullable: true, description: 'Merged into the app_metadata of who accepts.' })
  appMetadata?: unknown;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a message is sent; true by default. False: hand over the address yourself.',
  })
  sendInvitationEmail?: boolean | null;
}

@InputType('ResendInvitationInput', { description: 'Which invitation to send again.' })
export class ResendInvitationInput {
  @Field(() => ID, { description: 'The invitation. Its former ticket is worth nothing from now on.' })
  id!: string;
}

@InputType('RevokeInvitationsInput', { description: 'Which invitations to take back.' })
export class RevokeInvitationsInput implements RevokeInvitations {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => [ID], {
    description: '1 to 10 invitations of the organization; those that are over stay as they are.',
  })
  ids!: string[];
}

@InputType('InvitedSignUpInput', { description: 'A new account of the invited e-mail address.' })
export class InvitedSignUpInput implements SignUp {
  @Field(() => String, { description: 'The password: 12 to 256 characters.' })
  password!: string;

  @Attribute('username')
  @Field(() => String, {
    nullable: true,
    description: 'Name to sign in with, where the connection asks for one.',
  })
  username?: string | null;

  @Attribute('name')
  @Field(() => String, { nullable: true, description: 'Full name.' })
  name?: string | null;

  @Attribute('given_name')
  @Field(() => String, { nullable: true, description: 'Given name.' })
  givenName?: string | null;

  @Attribute('family_name')
  @Field(() => String, { nullable: true, description: 'Family name.' })
  familyName?: string | null;
}

@InputType('AcceptInvitationInput', { description: 'The ticket, and who accepts.' })
export class AcceptInvitationInput implements AcceptInvitation {
  @Field(() => String, { description: 'The value of `invitation` in the address that was opened.' })
  ticket!: string;

  @Field(() => InvitedSignUpInput, {
    nullable: true,
    description: 'For a person without an account. Who is signed in joins as the signed-in user.',
  })
  signUp?: InvitedSignUpInput | null;
}
