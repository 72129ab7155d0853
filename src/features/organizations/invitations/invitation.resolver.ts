import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Auth, Public } from '#src/access/decorators';
import {
  AcceptInvitationInput,
  InvitationListArgs,
  InviteMembersInput,
  ResendInvitationInput,
  RevokeInvitationsInput,
} from '#src/features/organizations/invitations/invitation.input';
import type { AcceptedInvitation } from '#src/features/organizations/invitations/accept-invitation';
import {
  AcceptInvitationPayload,
  InviteMembersPayload,
  ResendInvitationPayload,
  RevokeInvitationsPayload,
} from '#src/features/organizations/invitations/invitation-payload.type';
import { invitationsByOrganization } from '#src/features/organizations/invitations/invitation.loader';
import type { InvitationRow } from '#src/features/organizations/invitations/invitation.repository';
import type { InvitationService } from '#src/features/organizations/invitations/invitation.service';
import { InvitationConnectionType } from '#src/features/organizations/invitations/invitation.type';
import type { IssuedInvitation } from '#src/features/organizations/invitations/issue-invitations';
import { forgetMemberships } from '#src/features/organizations/members/membership.loader';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => OrganizationType)
export class InvitationResolver {
  constructor(private readonly service: InvitationService) {}

  @Auth({ permissions: [['read:organization_invitations']] })
  @FieldResolver(() => InvitationConnectionType, {
    nullable: true,
    description: 'Who was invited to it, newest first.',
  })
  async invitations(
    @Root() { id }: OrganizationRow,
    @Args(() => InvitationListArgs) { status = null, ...page }: InvitationListArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<InvitationRow>> {
    const rows = await invitationsByOrganization.load(context, id, page, status);
    return toConnection(rows, () => this.service.count(context, id, status));
  }

  @Auth({ permissions: [['create:organization_invitations']] })
  @Mutation(() => InviteMembersPayload, {
    description: 'Invites people to an organization; all of them or none.',
  })
  async inviteMembers(
    @Arg('input', () => InviteMembersInput) input: InviteMembersInput,
    @Ctx() context: RequestContext,
  ): Promise<{ invitations: readonly IssuedInvitation[] }> {
    const invitations = await this.service.invite(context, input);
    invitationsByOrganization.forget(context);
    return { invitations };
  }

  @Auth({ permissions: [['create:organization_invitations']] })
  @Mutation(() => ResendInvitationPayload, {
    description:
      'Sends an invitation again with a new ticket and the whole time anew; at most 5 times, 60 s apart.',
  })
  async resendInvitation(
    @Arg('input', () => ResendInvitationInput) { id }: ResendInvitationInput,
    @Ctx() context: RequestContext,
  ): Promise<{ invitation: IssuedInvitation }> {
    const invitation = await this.service.resend(context, id);
    invitationsByOrganization.forget(context);
    return { invitation };
  }

  @Auth({ permissions: [['delete:organization_invitations']] })
  @Mutation(() => RevokeInvitationsPayload, { description: 'Takes invitations back; all of them or none.' })
  async revokeInvitations(
    @Arg('input', () => RevokeInvitationsInput) input: RevokeInvitationsInput,
    @Ctx() context: RequestContext,
  ): Promise<{ invitations: readonly InvitationRow[] }> {
    const invitations = await this.service.revoke(context, input);
    invitationsByOrganization.forget(context);
    return { invitations };
  }

  // The ticket is the right to accept; who has none is answered like who has an old one.
  @Public()
  @Mutation(() => AcceptInvitationPayload, {
    description:
      'Joins an organization by the ticket of an invitation: as the signed-in user, or with a new account.',
  })
  async acceptInvitation(
    @Arg('input', () => AcceptInvitationInput) input: AcceptInvitationInput,
    @Ctx() context: RequestContext,
  ): Promise<AcceptedInvitation> {
    const accepted = await this.service.accept(context, input);
    invitationsByOrganization.forget(context);
    forgetMemberships(context);
    return accepted;
  }
}
