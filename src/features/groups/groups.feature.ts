import type { GroupsConfig } from '#src/config/groups';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { AuthorizationResolver } from '#src/features/groups/authorization/authorization.resolver';
import { AuthorizationService } from '#src/features/groups/authorization/authorization.service';
import { effectiveRolesByMembership } from '#src/features/groups/authorization/effective-roles';
import {
  MembershipEffectiveRolesResolver,
  PermissionSourceGroupResolver,
  RoleSourceResolver,
} from '#src/features/groups/authorization/effective-role.resolver';
import { GroupMappingService } from '#src/features/groups/mappings/group-mapping.service';
import { groupsOnLogin } from '#src/features/groups/mappings/groups-on-login';
import { deleteMembersOf } from '#src/features/groups/members/group-member.repository';
import {
  GroupMemberResolver,
  GroupMembersResolver,
  GroupMemberSourceResolver,
} from '#src/features/groups/members/group-member.resolver';
import { GroupMemberService } from '#src/features/groups/members/group-member.service';
import { NestingService } from '#src/features/groups/nesting/nesting.service';
import { GroupRoleService } from '#src/features/groups/roles/group-role.service';
import { AuthorizationTransferResolver } from '#src/features/groups/transfer/transfer.resolver';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import type { MemberRoleService } from '#src/features/organizations/members/member-role.service';
import type { MembershipService } from '#src/features/organizations/members/membership.service';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import type { SignedInListener } from '#src/features/profiles/logins/login.service';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import type { ResourceServerService } from '#src/features/roles/resource-servers/resource-server.service';
import type { RoleService } from '#src/features/roles/role.service';
import type { UserService } from '#src/features/users/user.service';
import { edge } from '#src/graphql/edges';
import type { FeatureParts } from '#src/graphql/feature';
import type { Store } from '#src/storage/store';
import { UserGroupsResolver } from './extend-user.resolver';
import { removeGroups } from './group-removal.repository';
import { groupById, rolesByGroup } from './group.loader';
import { groupPermissions } from './group.permissions';
import { GroupMutationResolver, GroupResolver, type GroupServices } from './group.resolver';
import { GroupService } from './group.service';

export interface GroupFeatureServices {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly users: UserService;
  readonly metadata: MetadataService;
  readonly logins: { readonly signedIn: SignedInListener[] };
  readonly roles: RoleService;
  readonly assignments: AssignmentService;
  readonly resourceServers: ResourceServerService;
  readonly applications: ApplicationService;
  readonly organizations: OrganizationService;
  readonly memberships: MembershipService;
  readonly memberRoles: MemberRoleService;
}

export interface StartedGroups extends GroupServices {
  readonly authorization: AuthorizationService;
}

export function startGroups(
  limits: GroupsConfig,
  services: GroupFeatureServices,
): FeatureParts & StartedGroups {
  const { audit, connections, applications, roles, organizations } = services;
  const groups = new GroupService({ audit, organizations, limits });
  const nesting = new NestingService(groups, services, limits);
  const groupMembers = new GroupMemberService(groups, services, limits);
  const groupRoles = new GroupRoleService(groups, services, limits);
  const groupMappings = new GroupMappingService(groups, connections, services, limits);
  const authorization = new AuthorizationService(services, limits.loginTimeoutMs);
  const own = { groups, nesting, groupMembers, groupRoles, groupMappings };
  const isApplication = async (store: Store, id: string): Promise<boolean> =>
    (await applications.known(store, [id])).length > 0;
  Object.assign(roles, { isApplication });
  Object.assign(services.resourceServers, { isApplication });
  roles.deleting.push((store, id) => groupRoles.refuseUsed(store, id));
  organizations.hooks.remnants.push(removeGroups);
  services.memberships.leaving.push(deleteMembersOf);
  services.logins.signedIn.push(groupsOnLogin({ ...services, authorization, limits }));
  return {
    name: 'groups',
    resolvers: [
      new GroupResolver(groups),
      new GroupMutationResolver(own),
      new GroupMembersResolver(),
      new GroupMemberResolver(),
      new GroupMemberSourceResolver(),
      new UserGroupsResolver(),
      new AuthorizationResolver(authorization),
      new MembershipEffectiveRolesResolver(),
      new RoleSourceResolver(),
      new PermissionSourceGroupResolver(),
      new AuthorizationTransferResolver({ ...services, ...own, authorization, limits }),
    ],
    entities: [
      {
        type: 'Group',
        ownsId: (id) => id.startsWith('grp_'),
        rootField: 'Query.group',
        load: (id, context) => context.load(groupById).load(id),
      },
    ],
    edges: [
      edge({
        coordinate: 'Group.roles',
        loader: rolesByGroup,
        keyOf: (group: { readonly id: string }) => group.id,
        childType: 'Role',
      }),
      edge({
        coordinate: 'Membership.effectiveRoles',
        loader: effectiveRolesByMembership,
        keyOf: (membership: { readonly id: string }) => membership.id,
        childType: 'EffectiveRole',
      }),
    ],
    permissions: groupPermissions,
    ...own,
    authorization,
  };
}
