import type { RolesConfig } from '#src/config/roles';
import type { AuditService } from '#src/features/audit/audit.service';
import type { UserService } from '#src/features/users/user.service';
import { edge } from '#src/graphql/edges';
import type { FeatureParts } from '#src/graphql/feature';
import type { UserRow } from '#src/features/users/user-row';
import type { Store } from '#src/storage/store';
import { AssignmentResolver } from '#src/features/roles/assignments/assignment.resolver';
import { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import {
  ensureAdministratorRole,
  ensureBuiltInRole,
  synchronisePermissionCatalogue,
  type BuiltInRole,
  type CatalogueParts,
} from '#src/features/roles/resource-servers/permission-catalogue';
import { resourceServerById } from '#src/features/roles/resource-servers/resource-server.loader';
import { ResourceServerResolver } from '#src/features/roles/resource-servers/resource-server.resolver';
import { ResourceServerService } from '#src/features/roles/resource-servers/resource-server.service';
import { UserRolesResolver } from './extend-user.resolver';
import { permissionById, permissionsByRole } from './permission.loader';
import type { PermissionRow } from './permission.repository';
import { PermissionResolver } from './permission.resolver';
import { registerRoleFolds } from './role-folds';
import { roleById, rolesByUser } from './role.loader';
import { roleRemovalHandling } from './role-removal.job';
import { rolePermissions } from './role.permissions';
import type { RoleRow } from './role.repository';
import { RoleResolver } from './role.resolver';
import { RoleService } from './role.service';

export interface RoleServices {
  readonly audit: AuditService;
  readonly users: UserService;
}

/** What later features and the command line use of this one. */
export interface StartedRoles {
  readonly roles: RoleService;
  readonly assignments: AssignmentService;
  readonly resourceServers: ResourceServerService;
  synchronisePermissionCatalogue(
    store: Store,
    permissions: Readonly<Record<string, string>>,
  ): Promise<string>;
  ensureAdministratorRole(store: Store): Promise<string>;
  /** Makes a role that comes with a later feature, where it is missing. */
  ensureBuiltInRole(store: Store, role: BuiltInRole): Promise<void>;
}

export function startRoles(
  platform: CatalogueParts,
  { audit, users }: RoleServices,
  limits: RolesConfig,
): FeatureParts & StartedRoles {
  const roles = new RoleService(audit, limits);
  const assignments = new AssignmentService(audit, users, limits);
  const resourceServers = new ResourceServerService(audit, limits);
  registerRoleFolds();
  return {
    name: 'roles',
    resolvers: [
      new RoleResolver(roles),
      new PermissionResolver(),
      new ResourceServerResolver(resourceServers),
      new AssignmentResolver(assignments),
      new UserRolesResolver(),
    ],
    entities: [
      {
        type: 'Role',
        ownsId: (id) => id.startsWith('rol_'),
        rootField: 'Query.role',
        load: (id, context) => context.load(roleById).load(id),
      },
      {
        type: 'Permission',
        ownsId: (id) => id.startsWith('prm_'),
        rootField: 'Query.permissions',
        load: (id, context) => context.load(permissionById).load(id),
      },
      {
        type: 'ResourceServer',
        ownsId: (id) => id.startsWith('api_'),
        rootField: 'Query.resourceServers',
        load: (id, context) => context.load(resourceServerById).load(id),
      },
    ],
    edges: [
      edge({
        coordinate: 'User.roles',
        loader: rolesByUser,
        keyOf: (user: UserRow) => user.id,
        childType: 'Role',
      }),
      edge({
        coordinate: 'Role.permissions',
        loader: permissionsByRole,
        keyOf: (role: RoleRow) => role.id,
        childType: 'Permission',
      }),
      edge({
        coordinate: 'Permission.resourceServer',
        loader: resourceServerById,
        keyOf: (permission: PermissionRow) => permission.resourceServerId,
        childType: 'ResourceServer',
      }),
    ],
    permissions: rolePermissions,
    jobs: [roleRemovalHandling(roles.remnants)],
    roles,
    assignments,
    resourceServers,
    synchronisePermissionCatalogue: (store, permissions) =>
      synchronisePermissionCatalogue(store, platform, permissions),
    ensureBuiltInRole: (store, role) => ensureBuiltInRole(store, platform, role),
    ensureAdministratorRole: (store) => ensureAdministratorRole(store, platform),
  };
}
