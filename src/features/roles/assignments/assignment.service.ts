import type { Call } from '#src/access/call';
import type { RolesConfig } from '#src/config/roles';
import { assertWritable } from '#src/access/write-gate';
import type { AuditService } from '#src/features/audit/audit.service';
import * as assignments from '#src/features/roles/assignments/assignment.repository';
import { bulkIds, refuseAbove, requireAllKnown } from '#src/features/roles/bulk-ids';
import { badInput } from '#src/features/roles/checked-text';
import {
  refuseFreeingOneself,
  refusePermissionsNotHeld,
  refuseRolesNotHeld,
  requireTenantScope,
} from '#src/features/roles/grant-guard';
import { findPermissionGrants, type PermissionGrantRow } from '#src/features/roles/permission.repository';
import { findRoles, type RoleRow } from '#src/features/roles/role.repository';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { UserService } from '#src/features/users/user.service';
import type { Store } from '#src/storage/store';

export interface UserRoles {
  /** The user. */
  readonly id: string;
  readonly roleIds: readonly string[];
}

export interface UserPermissions {
  /** The user. */
  readonly id: string;
  readonly permissionIds: readonly string[];
}

/** What users hold for the whole deployment: roles and direct permissions. Each method answers the user's id. */
export class AssignmentService {
  constructor(
    private readonly audit: AuditService,
    private readonly users: UserService,
    private readonly limits: RolesConfig,
  ) {}

  addRoles(call: Call, input: UserRoles): Promise<string> {
    const roleIds = bulkIds('roleIds', input.roleIds);
    return this.change(call, input.id, 'roles', { roleIds }, async (store) => {
      const roles = await knownRoles(store, roleIds);
      refuseOrganizationRoles(roles);
      const held = await assignments.findHeldRoleIds(store, call.principal.userId, roleIds);
      refuseRolesNotHeld(call, 'roleIds', roles, held);
      await assignments.insertUserRoles(store, input.id, roleIds, call.clock.now());
      await this.refuseTooManyRoles(store, [input.id], 'roleIds');
      return 'user.add_roles';
    });
  }

  /** LIMIT_EXCEEDED when one of the users holds too many roles now; for whoever gave them in the same transaction. */
  async refuseTooManyRoles(store: Store, userIds: readonly string[], field: string): Promise<void> {
    const limit = this.limits.maxRolesPerUser;
    const current = await assignments.countMostRoles(store, userIds);
    refuseAbove(limit, current, `A user may hold at most ${limit} roles.`, field);
  }

  removeRoles(call: Call, input: UserRoles): Promise<string> {
    const roleIds = bulkIds('roleIds', input.roleIds);
    return this.change(call, input.id, 'roles', { roleIds }, async (store) => {
      const roles = await knownRoles(store, roleIds);
      if (input.id === call.principal.userId) refuseFreeingOneself(call, roles);
      await assignments.deleteUserRoles(store, input.id, roleIds);
      return 'user.remove_roles';
    });
  }

  addPermissions(call: Call, input: UserPermissions): Promise<string> {
    const permissionIds = bulkIds('permissionIds', input.permissionIds);
    return this.change(call, input.id, 'permissions', { permissionIds }, async (store) => {
      await this.requireGrantable(call, store, permissionIds);
      await assignments.insertUserPermissions(store, input.id, permissionIds, call.clock.now());
      const limit = this.limits.maxDirectPermissionsPerUser;
      const current = await assignments.countUserPermissions(store, input.id);
      refuseAbove(limit, current, `A user may hold at most ${limit} direct permissions.`, 'permissionIds');
      return 'user.add_permissions';
    });
  }

  removePermissions(call: Call, input: UserPermissions): Promise<string> {
    const permissionIds = bulkIds('permissionIds', input.permissionIds);
    return this.change(call, input.id, 'permissions', { permissionIds }, async (store) => {
      const permissions = await findPermissionGrants(store, permissionIds);
      requireAllKnown(
        'permissionIds',
        permissionIds,
        permissions.map(({ id }) => id),
      );
      await assignments.deleteUserPermissions(store, input.id, permissionIds);
      return 'user.remove_permissions';
    });
  }

  /** The permissions; refuses those that do not exist, and those that the caller may not give away. */
  async requireGrantable(
    call: Call,
    store: Store,
    permissionIds: readonly string[],
  ): Promise<readonly PermissionGrantRow[]> {
    const permissions = await findPermissionGrants(store, permissionIds);
    requireAllKnown(
      'permissionIds',
      permissionIds,
      permissions.map(({ id }) => id),
    );
    const held = await assignments.findHeldPermissionIds(store, call.principal.userId, permissionIds);
    refusePermissionsNotHeld(call, 'permissionIds', permissions, held);
    return permissions;
  }

  /** Those of the roles that the user holds for the whole deployment; a machine, which is no user, holds none. */
  heldRoleIds(store: Store, userId: string | null, roleIds: readonly string[]): Promise<ReadonlySet<string>> {
    return assignments.findHeldRoleIds(store, userId, roleIds);
  }

  /** One transaction: nothing is half done, and one audit record is written; `work` answers the action's name. */
  private change(
    call: Call,
    userId: string,
    path: 'roles' | 'permissions',
    details: Record<string, readonly string[]>,
    work: (store: Store) => Promise<string>,
  ): Promise<string> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      // Locks the user, so that two such changes at once do not exceed a limit together.
      await this.users.requireReachable(call, store, userId);
      assertWritable(call, [path], await objectFactsOf(call, store, userId));
      const action = await work(store);
      await this.audit.record(store, call, {
        action,
        targetType: 'User',
        targetId: userId,
        changedPaths: [path],
        details,
      });
      return userId;
    });
  }
}

async function knownRoles(store: Store, roleIds: readonly string[]): Promise<RoleRow[]> {
  const roles = await findRoles(store, roleIds);
  requireAllKnown(
    'roleIds',
    roleIds,
    roles.map(({ id }) => id),
  );
  return roles;
}

function refuseOrganizationRoles(roles: readonly RoleRow[]): void {
  const owned = roles.filter(({ type }) => type !== 'TENANT').map(({ id }) => id);
  if (owned.length === 0) return;
  throw badInput(
    'roleIds',
    `These roles belong to an organization and are given to its members only: ${owned.join(', ')}.`,
  );
}
