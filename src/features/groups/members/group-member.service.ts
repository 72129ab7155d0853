import type { Call } from '#src/access/call';
import { assertWritable } from '#src/access/write-gate';
import type { GroupsConfig } from '#src/config/groups';
import { requireRolesAbove, requireStaying, type GuardServices } from '#src/features/groups/group-guard';
import type { GroupRow } from '#src/features/groups/group.repository';
import type { GroupService } from '#src/features/groups/group.service';
import * as members from '#src/features/groups/members/group-member.repository';
import { bulkIds, refuseAbove, requireAllKnown } from '#src/features/roles/bulk-ids';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { reachOf } from '#src/features/users/reach/reach';
import type { Store } from '#src/storage/store';

export interface GroupMembers {
  /** The group. */
  readonly id: string;
  readonly userIds: readonly string[];
}

/** Who was put into a group. */
export class GroupMemberService {
  constructor(
    private readonly groups: GroupService,
    private readonly guard: GuardServices,
    private readonly limits: GroupsConfig,
  ) {}

  /** Puts users into a group; who is there already stays. A user that cannot be there fails the whole call. */
  add(call: Call, input: GroupMembers): Promise<GroupRow> {
    return this.change(call, input, 'group.add_members', async (store, group, userIds) => {
      const { organizationId } = group;
      const place = { reach: reachOf(call), organizationId };
      requireAllKnown('userIds', userIds, await members.findPossibleMembers(store, userIds, place));
      await requireRolesAbove(this.guard, call, store, group, [group.id], 'userIds');
      await this.insert(call, store, group.id, userIds);
    });
  }

  /** Takes users out of a group; who is there through a mapping or a group below stays so. */
  remove(call: Call, input: GroupMembers): Promise<GroupRow> {
    return this.change(call, input, 'group.remove_members', async (store, group, userIds) => {
      if (userIds.some((id) => id === call.principal.userId)) await requireStaying(call, store, [group.id]);
      await members.deleteMembers(store, { groupId: group.id, userId: userIds, source: members.explicit });
    });
  }

  /** Inside the transaction of `store`; refuses what is above a limit. */
  async insert(call: Call, store: Store, groupId: string, userIds: readonly string[]): Promise<void> {
    const createdAt = call.clock.now();
    const rows = userIds.map((userId) => ({ groupId, userId, source: members.explicit, createdAt }));
    if ((await members.insertMembers(store, rows)) === 0) return;
    const { maxMembers, maxGroupsPerUser } = this.limits;
    const current = await members.countMembers(store, { groupId });
    refuseAbove(maxMembers, current, `A group may have at most ${maxMembers} members.`, 'userIds');
    const message = `A user may be in at most ${maxGroupsPerUser} groups directly.`;
    for (const userId of userIds)
      refuseAbove(maxGroupsPerUser, await members.countMembers(store, { userId }), message, 'userIds');
  }

  private change(
    call: Call,
    input: GroupMembers,
    action: string,
    work: (store: Store, group: GroupRow, userIds: readonly string[]) => Promise<void>,
  ): Promise<GroupRow> {
    const userIds = bulkIds('userIds', input.userIds);
    return call.store.transaction(async (store) => {
      const group = await this.groups.require(call, store, input.id);
      for (const userId of userIds)
        assertWritable(call, ['groups'], await objectFactsOf(call, store, userId));
      await work(store, group, userIds);
      await this.groups.record(store, call, action, group.id, ['members'], { userIds });
      return this.groups.touch(call, store, group);
    });
  }
}
