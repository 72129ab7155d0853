import type { Call } from '#src/access/call';
import type { GroupsConfig } from '#src/config/groups';
import { requireGivable, type GuardServices } from '#src/features/groups/group-guard';
import type { GroupRow } from '#src/features/groups/group.repository';
import { mostNamed, type GroupService } from '#src/features/groups/group.service';
import * as groupRoles from '#src/features/groups/roles/group-role.repository';
import { bulkIds, refuseAbove, requireAllKnown } from '#src/features/roles/bulk-ids';
import { refuseFreeingOneself } from '#src/features/roles/grant-guard';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface GroupRoles {
  /** The group. */
  readonly id: string;
  readonly roleIds: readonly string[];
}

/** The roles that groups have. */
export class GroupRoleService {
  constructor(
    private readonly groups: GroupService,
    private readonly guard: GuardServices,
    private readonly limits: GroupsConfig,
  ) {}

  add(call: Call, input: GroupRoles): Promise<GroupRow> {
    const roleIds = bulkIds('roleIds', input.roleIds);
    return call.store.transaction(async (store) => {
      const group = await this.groups.require(call, store, input.id);
      const roles = (await groupRoles.findRolesForGroups(store, roleIds)).filter(
        ({ organizationId }) => organizationId === null || organizationId === group.organizationId,
      );
      requireAllKnown(
        'roleIds',
        roleIds,
        roles.map(({ id }) => id),
      );
      await requireGivable(this.guard, call, store, group, roles, 'roleIds');
      await this.insert(store, group, roleIds);
      return this.end(call, store, group, 'group.add_roles', roleIds);
    });
  }

  remove(call: Call, input: GroupRoles): Promise<GroupRow> {
    const roleIds = bulkIds('roleIds', input.roleIds);
    return call.store.transaction(async (store) => {
      const group = await this.groups.require(call, store, input.id);
      refuseFreeingOneself(call, await groupRoles.findRolesForGroups(store, roleIds));
      await groupRoles.deleteGroupRoles(store, group.id, roleIds);
      return this.end(call, store, group, 'group.remove_roles', roleIds);
    });
  }

  /** Inside the transaction of `store`; refuses what is above a limit. */
  async insert(store: Store, group: GroupRow, roleIds: readonly string[]): Promise<void> {
    await store.execute(store.dialect.advisoryLock(`group-roles:${group.organizationId ?? ''}`));
    if ((await groupRoles.insertGroupRoles(store, group.id, roleIds)) === 0) return;
    const { maxRolesPerGroup, maxRolesPerOrganizationGroup, maxDistinctRoles, maxGroupsWithRoles } =
      this.limits;
    const most = group.organizationId === null ? maxRolesPerGroup : maxRolesPerOrganizationGroup;
    const counts = await groupRoles.countGroupRoles(store, group);
    refuseAbove(most, counts.roles, `A group may have at most ${most} roles here.`, 'roleIds');
    const distinct = `Groups may have at most ${maxDistinctRoles} different roles here.`;
    refuseAbove(maxDistinctRoles, counts.distinctRoles, distinct, 'roleIds');
    const having = `At most ${maxGroupsWithRoles} groups may have roles here.`;
    refuseAbove(maxGroupsWithRoles, counts.groupsWithRoles, having, 'roleIds');
  }

  /** Refuses with CONFLICT, and the names of groups, to delete a role that groups have. */
  async refuseUsed(store: Store, roleId: string): Promise<void> {
    const groups = await groupRoles.findGroupsWithRole(store, roleId, mostNamed);
    if (groups.length === 0) return;
    throw commonErrors.CONFLICT({
      message: 'Groups have this role. Take it from them first.',
      extensions: { groups },
    });
  }

  private async end(
    call: Call,
    store: Store,
    row: GroupRow,
    action: string,
    roleIds: readonly string[],
  ): Promise<GroupRow> {
    await this.groups.record(store, call, action, row.id, ['roles'], { roleIds });
    return this.groups.touch(call, store, row);
  }
}
