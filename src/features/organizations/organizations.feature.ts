import type { OrganizationsConfig } from '#src/config/organizations';
import type { AuditService } from '#src/features/audit/audit.service';
import {
  EffectivePermissionResolver,
  PermissionSourceResolver,
} from '#src/features/organizations/effective-permissions/effective-permission.resolver';
import type { EffectivePermissionRow } from '#src/features/organizations/effective-permissions/effective-permission.repository';
import { MemberRoleService } from '#src/features/organizations/members/member-role.service';
import { membershipsByUser, rolesByMembership } from '#src/features/organizations/members/membership.loader';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipResolver } from '#src/features/organizations/members/membership.resolver';
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
import { organizationPermissions } from './organization.permissions';
import { OrganizationResolver } from './organization.resolver';
import { OrganizationService } from './organization.service';

export interface OrganizationServices {
  readonly audit: AuditService;
  readonly roles: RoleService;
  readonly assignments: AssignmentService;
}

/** What later features and the command line use of this one. */
export interface StartedOrganizations {
  readonly organizations: OrganizationService;
  readonly memberships: MembershipService;
  readonly memberRoles: MemberRoleService;
}

export function startOrganizations(
  limits: OrganizationsConfig,
  { audit, roles, assignments }: OrganizationServices,
): FeatureParts & StartedOrganizations {
  const organizations = new OrganizationService({ audit, roles, limits });
  const memberships = new MembershipService(audit, organizations, limits);
  const memberRoles = new MemberRoleService({ audit, organizations, assignments, limits });
  return {
    name: 'organizations',
    resolvers: [
      new OrganizationResolver(organizations),
      new OrganizationMembersResolver(),
      new MembershipResolver(memberships, memberRoles),
      new UserOrganizationsResolver(),
      new EffectivePermissionResolver(),
      new PermissionSourceResolver(),
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
    organizations,
    memberships,
    memberRoles,
  };
}
