import type { Call } from '#src/access/call';
import type { RolesConfig } from '#src/config/roles';
import type { AuditService } from '#src/features/audit/audit.service';
import { foldText } from '#src/features/users/fold-text';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import {
  findHeldPermissionIds,
  removeUserRoles,
} from '#src/features/roles/assignments/assignment.repository';
import { bulkIds, refuseAbove, requireAllKnown } from './bulk-ids';
import { deleteRole } from './delete-role';
import { refuseForeignPermissions } from './application-roles';
import { badInput, checkedOptionalText, checkedText } from './checked-text';
import {
  mayGrantAnything,
  refuseFreeingOneself,
  refusePermissionsNotHeld,
  refuseTakingNotHeld,
  requireTenantScope,
} from './grant-guard';
import { findPermissionGrants, findPermissionsOfRoles } from './permission.repository';
import type { RemoveSome } from './role-remnants';
import * as roles from './role.repository';
import type { RoleRow } from './role.repository';

export interface CreateRole {
  readonly name: string;
  readonly description?: string | null;
  readonly permissionIds?: readonly string[] | null;
  /** The application that the role is for. */
  readonly applicationId?: string | null;
}

export interface UpdateRole {
  readonly id: string;
  readonly name?: string | null;
  readonly description?: string | null;
}

export interface RolePermissions {
  readonly id: string;
  readonly permissionIds: readonly string[];
}

/** How many roles may stand beside the new one, and where. */
interface RolePlace {
  readonly organizationId: string | null;
  readonly limit: number;
}

const longestName = 50;
const longestDescription = 500;

/** Roles and the permissions that they hold. */
export class RoleService {
  /** What hangs on a role and goes after it; later features add theirs. */
  readonly remnants: RemoveSome[] = [removeUserRoles];
  /** Where later features refuse the deletion of a role that they use; inside its transaction. */
  readonly deleting: ((store: Store, id: string) => Promise<void>)[] = [];
  /** Whether there is such an application; later features know. */
  isApplication: (store: Store, id: string) => Promise<boolean> = () => Promise.resolve(false);

  constructor(
    private readonly audit: AuditService,
    private readonly limits: RolesConfig,
  ) {}

  /** Creates a role of the deployment. */
  create(call: Call, input: CreateRole): Promise<RoleRow> {
    return call.store.transaction((store) => this.createWithin(call, store, input));
  }

  /** The same in the caller's transaction. */
  createWithin(call: Call, store: Store, input: CreateRole): Promise<RoleRow> {
    return this.createIn(call, store, { organizationId: null, limit: this.limits.maxRoles }, input);
  }

  /** Creates a role, in the caller's transaction, beside the roles of the same organization or of the deployment. */
  async createIn(call: Call, store: Store, place: RolePlace, input: CreateRole): Promise<RoleRow> {
    requireTenantScope(call);
    const name = checkedText('name', input.name, longestName);
    const applicationId = input.applicationId ?? null;
    if (applicationId !== null && !(await this.isApplication(store, applicationId)))
      throw badInput('applicationId', 'There is no such application.');
    const now = call.clock.now();
    const row: RoleRow = {
      id: call.ids.next('rol'),
      name,
      description: checkedOptionalText('description', input.description ?? null, longestDescription),
      type: place.organizationId === null ? 'TENANT' : 'ORGANIZATION',
      organizationId: place.organizationId,
      applicationId,
      createdAt: now,
      updatedAt: now,
    };
    await this.requireRoom(store, place);
    await roles.insertRole(store, { ...row, nameFolded: foldText(name) });
    if (input.permissionIds && input.permissionIds.length > 0) {
      await this.link(call, store, row, input.permissionIds);
    }
    await this.audit.record(store, call, {
      action: 'role.create',
      targetType: 'Role',
      targetId: row.id,
      changedPaths: ['name', 'description', ...(input.permissionIds ? ['permissions'] : [])],
    });
    return row;
  }

  private async requireRoom(store: Store, place: RolePlace): Promise<void> {
    await store.execute(store.dialect.advisoryLock(`roles:${place.organizationId ?? ''}`));
    const filter =
      place.organizationId === null ? { type: 'TENANT' } : { organizationId: place.organizationId };
    const current = (await roles.countRoles(store, filter)) + 1;
    refuseAbove(place.limit, current, `There may be at most ${place.limit} roles here.`);
  }

  update(call: Call, input: UpdateRole): Promise<RoleRow> {
    return call.store.transaction(async (store) => {
      requireTenantScope(call);
      const before = await this.required(store, input.id);
      const change = checkedChange(input);
      if (change.name !== undefined && change.name !== before.name) refuseRename(call);
      const changed = (['name', 'description'] as const).filter(
        (key) => change[key] !== undefined && change[key] !== before[key],
      );
      if (changed.length === 0) return before;
      const set = { ...change, updatedAt: call.clock.now() };
      const folded = change.name === undefined ? {} : { nameFolded: foldText(change.name) };
      if (!(await roles.updateRole(store, input.id, { ...set, ...folded }))) throw unknownRole();
      await this.record(store, call, 'role.update', input.id, changed);
      return { ...before, ...set };
    });
  }

  /** Deletes a role and takes it from everybody; answers its id. */
  delete(call: Call, id: string): Promise<string> {
    return call.store.transaction(async (store) => {
      requireTenantScope(call);
      for (const check of this.deleting) await check(store, id);
      refuseFreeingOneself(call, await roles.findRoles(store, [id]));
      const held = mayGrantAnything(call) ? [] : await findPermissionsOfRoles(store, [id]);
      refuseTakingNotHeld(
        call,
        await findPermissionGrants(
          store,
          held.map((row) => row.id),
        ),
      );
      if (!(await deleteRole(call, store, id, this.remnants))) throw unknownRole();
      await this.record(store, call, 'role.delete', id, []);
      return id;
    });
  }

  addPermissions(call: Call, input: RolePermissions): Promise<RoleRow> {
    return call.store.transaction(async (store) => {
      requireTenantScope(call);
      const role = await this.required(store, input.id);
      const added = await this.link(call, store, role, input.permissionIds);
      return this.touch(store, call, 'role.add_permissions', input, added);
    });
  }

  removePermissions(call: Call, input: RolePermissions): Promise<RoleRow> {
    return call.store.transaction(async (store) => {
      requireTenantScope(call);
      const permissionIds = bulkIds('permissionIds', input.permissionIds);
      await this.required(store, input.id);
      const known = await findPermissionGrants(store, permissionIds);
      requireAllKnown(
        'permissionIds',
        permissionIds,
        known.map(({ id }) => id),
      );
      refuseTakingNotHeld(call, known);
      const removed = await roles.deleteRolePermissions(store, input.id, permissionIds);
      return this.touch(store, call, 'role.remove_permissions', input, removed);
    });
  }

  private async link(call: Call, store: Store, role: RoleRow, ids: readonly string[]): Promise<number> {
    const roleId = role.id;
    const permissionIds = bulkIds('permissionIds', ids);
    const wanted = await findPermissionGrants(store, permissionIds);
    requireAllKnown(
      'permissionIds',
      permissionIds,
      wanted.map(({ id }) => id),
    );
    refuseForeignPermissions(role, wanted);
    if (!mayGrantAnything(call)) {
      const held = await findHeldPermissionIds(store, call.principal.userId, permissionIds);
      refusePermissionsNotHeld(call, 'permissionIds', wanted, held);
    }
    // Two such changes at once would each see room for themselves.
    await store.execute(store.dialect.advisoryLock(`role:${roleId}`));
    const added = await roles.insertRolePermissions(store, roleId, permissionIds);
    const current = await roles.countRolePermissions(store, roleId);
    const limit = this.limits.maxPermissionsPerRole;
    refuseAbove(limit, current, `A role may hold at most ${limit} permissions.`, 'permissionIds');
    return added;
  }

  /** The role after a change of its permissions. */
  private async touch(
    store: Store,
    call: Call,
    action: string,
    input: RolePermissions,
    links: number,
  ): Promise<RoleRow> {
    if (links > 0 && !(await roles.updateRole(store, input.id, { updatedAt: call.clock.now() })))
      throw unknownRole();
    await this.record(store, call, action, input.id, ['permissions'], {
      permissionIds: [...new Set(input.permissionIds)],
    });
    return this.required(store, input.id);
  }

  private async required(store: Store, id: string): Promise<RoleRow> {
    const [row] = await roles.findRoles(store, [id]);
    if (!row) throw unknownRole();
    return row;
  }

  private record(
    store: Store,
    call: Call,
    action: string,
    targetId: string,
    changedPaths: readonly string[],
    details?: Record<string, unknown>,
  ): Promise<void> {
    const event = { action, targetType: 'Role' as const, targetId, changedPaths };
    return this.audit.record(store, call, details ? { ...event, details } : event);
  }
}

function checkedChange(input: UpdateRole): { name?: string; description?: string | null } {
  const change: { name?: string; description?: string | null } = {};
  if (input.name === null) throw badInput('name', 'A role needs a name.');
  if (input.name !== undefined) change.name = checkedText('name', input.name, longestName);
  if (input.description !== undefined) {
    change.description = checkedOptionalText('description', input.description, longestDescription);
  }
  return change;
}

function refuseRename(call: Call): void {
  // SECURITY: privilege escalation: access rules name roles, so renaming a role gives its holders what is ruled for the new name.
  if (mayGrantAnything(call)) return;
  throw commonErrors.FORBIDDEN({
    message: 'Only a holder of grant:any may rename a role, because access rules name roles.',
    extensions: { field: 'name' },
  });
}

function unknownRole(): Error {
  return commonErrors.NOT_FOUND({ message: 'There is no such role.' });
}
