import { Field, ID, ObjectType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { InvitationRow } from '#src/features/organizations/invitations/invitation.repository';
import { InvitationType } from '#src/features/organizations/invitations/invitation.type';
import type { IssuedInvitation } from '#src/features/organizations/invitations/issue-invitations';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipType } from '#src/features/organizations/members/membership.type';

@ObjectType('IssuedInvitation', {
  description: 'An invitation with its ticket, which no later answer holds: whoever has it may accept.',
})
@Auth({ permissions: [['create:organization_invitations']] })
export class IssuedInvitationType implements IssuedInvitation {
  @Field(() => InvitationType, { nullable: true, description: 'The invitation.' })
  invitation!: InvitationRow;

  @Field(() => ID, { nullable: true, description: 'The ticket, for `acceptInvitation`.' })
  ticketId!: string;

  @Field(() => String, { nullable: true, description: 'The address that the invited person opens.' })
  invitationUrl!: string;
}

@ObjectType('InviteMembersPayload', { description: 'The invitations that were made.' })
@WithParent()
export class InviteMembersPayload {
  @Field(() => [IssuedInvitationType], {
    nullable: true,
    description: 'One for each address, in the same order.',
  })
  invitations!: readonly IssuedInvitation[];
}

@ObjectType('ResendInvitationPayload', { description: 'The invitation that was sent again.' })
@WithParent()
export class ResendInvitationPayload {
  @Field(() => IssuedInvitationType, { nullable: true, description: 'The invitation with its new ticket.' })
  invitation!: IssuedInvitation;
}

@ObjectType('RevokeInvitationsPayload', { description: 'The invitations that were revoked.' })
@WithParent()
export class RevokeInvitationsPayload {
  @Field(() => [InvitationType], { nullable: true, description: 'The invitations as they are now.' })
  invitations!: readonly InvitationRow[];
}

@ObjectType('AcceptInvitationPayload', { description: 'What came of an invitation.' })
@WithParent()
export class AcceptInvitationPayload {
  @Field(() => MembershipType, { nullable: true, description: 'The membership.' })
  membership!: MembershipRow;

  @Field(() => Boolean, { description: 'Whether an account was made; sign in with it now.' })
  isNewUser!: boolean;
}
