import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { connectionById } from '#src/features/connections/connection.loader';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { ConnectionType } from '#src/features/connections/connection.type';
import { rolesByInvitation } from '#src/features/organizations/invitations/invitation.loader';
import type { InvitationRow } from '#src/features/organizations/invitations/invitation.repository';
import { statusAt } from '#src/features/organizations/invitations/invitation-status';
import {
  InvitationStatus,
  InvitationType,
  InviteeType,
  InviterType,
} from '#src/features/organizations/invitations/invitation.type';
import { organizationById } from '#src/features/organizations/organization.loader';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleType } from '#src/features/roles/role.type';
import type { RequestContext } from '#src/graphql/request-context';

type Maybe<Row> = Row | null | Promise<Row | null>;

const readInvitations = () => Auth({ permissions: [['read:organization_invitations']] });

@Resolver(() => InvitationType)
export class InvitationFieldsResolver {
  @readInvitations()
  @FieldResolver(() => InvitationStatus, { nullable: true, description: 'How it stands now.' })
  status(@Root() invitation: InvitationRow, @Ctx() { clock }: RequestContext): InvitationStatus {
    return statusAt(invitation, clock.now()) as InvitationStatus;
  }

  @readInvitations()
  @FieldResolver(() => InviteeType, { nullable: true, description: 'Who is invited.' })
  invitee(@Root() { email }: InvitationRow): InviteeType {
    return { email };
  }

  @readInvitations()
  @FieldResolver(() => InviterType, { nullable: true, description: 'Who invites.' })
  inviter(@Root() { inviterName }: InvitationRow): InviterType {
    return { name: inviterName };
  }

  @readInvitations()
  @FieldResolver(() => OrganizationType, { nullable: true, description: 'The organization.' })
  organization(
    @Root() { organizationId }: InvitationRow,
    @Ctx() context: RequestContext,
  ): Maybe<OrganizationRow> {
    return context.load(organizationById).load(organizationId);
  }

  @readInvitations()
  @FieldResolver(() => ConnectionType, {
    nullable: true,
    description: 'The connection that the person must come through; null: any.',
  })
  connection(@Root() { connectionId }: InvitationRow, @Ctx() context: RequestContext): Maybe<ConnectionRow> {
    return connectionId === null ? null : context.load(connectionById).load(connectionId);
  }

  @Auth({ permissions: [['read:organization_invitations', 'read:organization_member_roles']] })
  @Attribute('organizations.roles')
  @FieldResolver(() => [RoleType], { nullable: true, description: 'The roles that it brings.' })
  roles(
    @Root() { id }: InvitationRow,
    @Ctx() context: RequestContext,
  ): readonly RoleRow[] | Promise<readonly RoleRow[]> {
    return context.load(rolesByInvitation).load(id);
  }
}
