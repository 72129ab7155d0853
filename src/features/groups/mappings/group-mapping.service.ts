import type { Call } from '#src/access/call';
import type { GroupsConfig } from '#src/config/groups';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { requireRolesAbove, type GuardServices } from '#src/features/groups/group-guard';
import type { GroupRow } from '#src/features/groups/group.repository';
import { longestGroupName, type GroupService } from '#src/features/groups/group.service';
import * as mappings from '#src/features/groups/mappings/group-mapping.repository';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput, checkedText } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface NewMapping {
  readonly groupId: string;
  /** Name of the connection. */
  readonly connection: string;
  /** What the group is called there. */
  readonly groupName: string;
}

/** Which groups of identity providers fill groups here. */
export class GroupMappingService {
  constructor(
    private readonly groups: GroupService,
    private readonly connections: ConnectionService,
    private readonly guard: GuardServices,
    private readonly limits: GroupsConfig,
  ) {}

  create(call: Call, input: NewMapping): Promise<GroupRow> {
    requireTenantScope(call);
    const groupName = checkedText('groupName', input.groupName, longestGroupName);
    return call.store.transaction(async (store) => {
      const group = await this.groups.require(call, store, input.groupId);
      const connection = await this.connections.byName(store, input.connection);
      if (connection === null) throw badInput('connection', 'There is no such connection.');
      await requireRolesAbove(this.guard, call, store, group, [group.id], 'groupId');
      await this.insert(call, store, group.id, { connectionId: connection.id, groupName });
      const details = { connection: connection.name };
      await this.groups.record(store, call, 'group.add_mapping', group.id, ['mappings'], details);
      return this.groups.touch(call, store, group);
    });
  }

  async delete(call: Call, id: string): Promise<GroupRow> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      const groupId = await mappings.findMappingGroup(store, id);
      if (groupId === null) throw commonErrors.NOT_FOUND({ message: 'There is no such mapping.' });
      const group = await this.groups.require(call, store, groupId);
      await mappings.deleteMapping(store, id);
      await this.groups.record(store, call, 'group.remove_mapping', groupId, ['mappings']);
      return this.groups.touch(call, store, group);
    });
  }

  /** Inside the transaction of `store`; refuses what is above the limit. */
  async insert(
    call: Call,
    store: Store,
    groupId: string,
    { connectionId, groupName }: { readonly connectionId: string; readonly groupName: string },
  ): Promise<void> {
    const row = { id: call.ids.next('gmp'), groupId, connectionId, groupName, createdAt: call.clock.now() };
    await mappings.insertMapping(store, row);
    const current = (await mappings.findMappingsOfGroups(store, [groupId])).length;
    refuseAbove(
      this.limits.maxMappings,
      current,
      `A group may have at most ${this.limits.maxMappings} mappings.`,
    );
  }
}
