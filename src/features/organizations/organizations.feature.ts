import type { Platform } from '#src/access/platform';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import type { UserService } from '#src/features/users/user.service';
import { applicationsByOrganization } from '#src/features/organizations/applications/organization-application.loader';
import { OrganizationApplicationsResolver } from '#src/features/organizations/applications/organization-application.resolver';
import { OrganizationApplicationService } from '#src/features/organizations/applications/organization-application.service';
import { createFollowGroups, type FollowGroups } from '#src/features/organizations/connections/follow-groups';
import { createJoinOnLogin, type JoinOnLogin } from '#src/features/organizations/connections/join-on-login';
import {
  ConnectionLinkResolver,
  OrganizationConnectionsResolver,
} from '#src/features/organizations/connections/organization-connection.resolver';
import { OrganizationConnectionService } from '#src/features/organizations/connections/organization-connection.service';
import {
  DomainResolver,
  OrganizationDomainsResolver,
} from '#src/features/organizations/domains/domain.resolver';
import { SignInOrganizationResolver } from '#src/features/organizations/sign-in/sign-in-organization.resolver';
import { SignInOrganizationService } from '#src/features/organizations/sign-in/sign-in-organization.service';
import { createMemberSearch, type MemberSearch } from '#src/features/organizations/members/member-search';
import { DomainService } from '#src/features/organizations/domains/domain.service';
import { createTxtLookUp, type LookUpTxt } from '#src/features/organizations/domains/look-up-txt';
import { mailInvitations } from '#src/features/organizations/invitations/mail-invitation';
import type { MailService } from '#src/features/mail/mail.service';
import { InvitationFieldsResolver } from '#src/features/organizations/invitations/invitation-fields.resolver';
import { InvitationResolver } from '#src/features/organizations/invitations/invitation.resolver';
import { InvitationService } from '#src/features/organizations/invitations/invitation.service';
import { invitationSweep } from '#src/features/organizations/invitations/purge-invitations';
import { EffectiveRoleResolver } from '#src/features/organizations/members/effective-role.resolver';
import { OrganizationRolesResolver } from '#src/features/organizations/roles/organization-role.resolver';
import { requireAccountStanding } from '#src/features/organizations/effective-permissions/account-standing';
import { CheckPermissionsResolver } from '#src/features/organizations/effective-permissions/check-permissions.resolver';
import {
  EffectivePermissionResolver,
  PermissionSourceResolver,
} from '#src/features/organizations/effective-permissions/effective-permission.resolver';
import type { EffectivePermissionRow } from '#src/features/organizations/effective-permissions/permission-slice.repository';
import { MemberRoleService } from '#src/features/organizations/members/member-role.service';
import { membershipsByUser, rolesByMembership } from '#src/features/organizations/members/membership.loader';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipResolver } from '#src/features/organizations/members/membership.resolver';
import { removeMemberRoles } from '#src/features/organizations/members/membership-removal.repository';
import { MembershipService } from '#src/features/organizations/members/membership.service';
import { OrganizationMembersResolver } from '#src/features/organizations/members/organization-members.resolver';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import { resourceServerById } from '#src/features/roles/resource-servers/resource-server.loader';
import type { RoleService } from '#src/features/roles/role.service';
import { userById } from '#src/features/users/user.loader';
import { edge, pageEdge } from '#src/graphql/edges';
import type { FeatureParts } from '#src/graphql/feature';
import { UserOrganizationsResolver } from './extend-user.resolver';
import { organizationById } from './organization.loader';
import { organizationRemovalHandling } from './organization-removal.job';
import { organizationPermissions } from './organization.permissions';
import { OrganizationResolver } from './organization.resolver';
import { OrganizationService } from './organization.service';

export interface OrganizationServices {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly attackProtection: Pick<AttackProtectionService, 'beginClue'>;
  readonly connections: ConnectionService;
  readonly users: UserService;
  readonly metadata: MetadataService;
  /** Without it invitations are handed over by their makers. */
  readonly mail?: Pick<MailService, 'send'>;
  readonly roles: RoleService;
  readonly assignments: AssignmentService;
}

/** What later features and the command line use of this one. */
export interface StartedOrganizations {
  readonly organizations: OrganizationService;
  readonly memberships: MembershipService;
  readonly memberRoles: MemberRoleService;
  readonly organizationConnections: OrganizationConnectionService;
  readonly organizationApplications: OrganizationApplicationService;
  readonly invitations: InvitationService;
  readonly domains: DomainService;
  readonly joinOnLogin: JoinOnLogin;
  readonly followGroups: FollowGroups;
  readonly signInOrganizations: SignInOrganizationService;
  readonly memberSearch: MemberSearch;
}

/** What tests put in place of the world outside. */
export interface OrganizationPorts {
  readonly lookUpTxt?: LookUpTxt;
}

export type OrganizationPlatform = Pick<Platform, 'storage' | 'clock' | 'logger'> & {
  readonly config: Pick<Platform['config'], 'organizations'>;
};

export function startOrganizations(
  platform: OrganizationPlatform,
  {
    audit,
    applications,
    connections,
    users,
    metadata,
    mail,
    roles,
    assignments,
    attackProtection,
  }: OrganizationServices,
  { lookUpTxt = createTxtLookUp(platform.config.organizations.domainLookupMs) }: OrganizationPorts = {},
): FeatureParts & StartedOrganizations {
  const { organizations: limits } = platform.config;
  const organizations = new OrganizationService({ audit, roles, limits });
  roles.remnants.push(removeMemberRoles);
  users.hooks.standing = requireAccountStanding;
  const memberSearch = createMemberSearch();
  const memberships = new MembershipService(audit, organizations, limits);
  const memberRoles = new MemberRoleService({ audit, organizations, assignments, limits });
  const organizationConnections = new OrganizationConnectionService({
    ...{ audit, organizations, memberRoles, limits },
  });
  const organizationApplications = new OrganizationApplicationService({
    ...{ audit, applications, organizations, limits },
  });
  const domains = new DomainService({ audit, organizations, limits, lookUpTxt });
  const signInOrganizations = new SignInOrganizationService({
    ...{ applications, attackProtection, domains, limits },
  });
  const invitations = new InvitationService({
    ...{ audit, applications, organizations, memberRoles, limits, users, connections, metadata },
    sender: { send: mail === undefined ? null : mailInvitations(mail) },
  });
  return {
    name: 'organizations',
    resolvers: [
      new OrganizationResolver(organizations, limits),
      new OrganizationMembersResolver(memberSearch),
      new MembershipResolver(memberships, memberRoles),
      new EffectiveRoleResolver(),
      new OrganizationRolesResolver(),
      new OrganizationConnectionsResolver(organizationConnections),
      new ConnectionLinkResolver(),
      new OrganizationApplicationsResolver(organizationApplications),
      new InvitationResolver(invitations),
      new InvitationFieldsResolver(),
      new OrganizationDomainsResolver(domains),
      new DomainResolver(),
      new SignInOrganizationResolver(signInOrganizations),
      new UserOrganizationsResolver(),
      new EffectivePermissionResolver(),
      new PermissionSourceResolver(),
      new CheckPermissionsResolver(),
    ],
    entities: [
      {
        type: 'Organization',
        ownsId: (id) => id.startsWith('org_'),
        rootField: 'Query.organization',
        load: (id, context) => context.load(organizationById).load(id),
      },
    ],
    edges: [
      pageEdge({
        coordinate: 'User.organizations',
        pages: membershipsByUser,
        keyOf: (user: { readonly id: string }) => user.id,
        extraOf: () => null,
        childType: 'Membership',
      }),
      edge({
        coordinate: 'Organization.applications',
        loader: applicationsByOrganization,
        keyOf: (organization: { readonly id: string }) => organization.id,
        childType: 'Application',
      }),
      edge({
        coordinate: 'Membership.roles',
        loader: rolesByMembership,
        keyOf: (membership: MembershipRow) => membership.id,
        childType: 'Role',
      }),
      edge({
        coordinate: 'Membership.organization',
        loader: organizationById,
        keyOf: (membership: MembershipRow) => membership.organizationId,
        childType: 'Organization',
      }),
      edge({
        coordinate: 'Membership.user',
        loader: userById,
        keyOf: (membership: MembershipRow) => membership.userId,
        childType: 'User',
      }),
      edge({
        coordinate: 'EffectivePermission.resourceServer',
        loader: resourceServerById,
        keyOf: (permission: EffectivePermissionRow) => permission.resourceServerId,
        childType: 'ResourceServer',
      }),
    ],
    permissions: organizationPermissions,
    background: [invitationSweep(platform, limits)],
    jobs: [organizationRemovalHandling(organizations.hooks.remnants)],
    organizations,
    memberships,
    memberRoles,
    organizationConnections,
    organizationApplications,
    invitations,
    domains,
    joinOnLogin: createJoinOnLogin({ audit, limits }),
    followGroups: createFollowGroups({ audit, limits, memberships }),
    signInOrganizations,
    memberSearch,
  };
}
