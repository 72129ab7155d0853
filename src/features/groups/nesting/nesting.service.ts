import type { Call } from '#src/access/call';
import type { GroupsConfig } from '#src/config/groups';
import { requireRolesAbove, requireStaying, type GuardServices } from '#src/features/groups/group-guard';
import { findGroups, type GroupRow } from '#src/features/groups/group.repository';
import type { GroupService } from '#src/features/groups/group.service';
import * as closure from '#src/features/groups/nesting/closure.repository';
import { pathBetween } from '#src/features/groups/nesting/cycle-path';
import { bulkIds, maximumBulkIds, refuseAbove } from '#src/features/roles/bulk-ids';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface ChildGroups {
  /** The group that they stand in. */
  readonly id: string;
  readonly groupIds: readonly string[];
}

export interface MoveGroup {
  readonly id: string;
  /** The groups that it stands in from now on. */
  readonly parentIds: readonly string[];
}

/** Which groups stand in which. Every change is one transaction that leaves the closure as the edges say. */
export class NestingService {
  constructor(
    private readonly groups: GroupService,
    private readonly guard: GuardServices,
    private readonly limits: GroupsConfig,
  ) {}

  /** Puts groups into another; those that stand there already stay. */
  add(call: Call, input: ChildGroups): Promise<GroupRow> {
    const childIds = bulkIds('groupIds', input.groupIds);
    return call.store.transaction(async (store) => {
      const parent = await this.begin(call, store, input.id);
      await this.groups.requireBeside(store, parent, 'groupIds', childIds);
      await requireRolesAbove(this.guard, call, store, parent, [parent.id], 'groupIds');
      for (const childId of childIds) await this.link(store, parent.id, childId, 'groupIds');
      return this.end(call, store, parent, 'group.add_children', { groupIds: childIds });
    });
  }

  remove(call: Call, input: ChildGroups): Promise<GroupRow> {
    const childIds = bulkIds('groupIds', input.groupIds);
    return call.store.transaction(async (store) => {
      const parent = await this.begin(call, store, input.id);
      await this.groups.requireBeside(store, parent, 'groupIds', childIds);
      await requireStaying(call, store, [parent.id]);
      for (const childId of childIds) {
        if ((await closure.deleteEdges(store, [{ parentId: parent.id, childId }])) > 0)
          await closure.rebuildAbove(store, childId);
      }
      return this.end(call, store, parent, 'group.remove_children', { groupIds: childIds });
    });
  }

  /** Moves a group with everything below it: from now on it stands in exactly these. */
  move(call: Call, { id, parentIds }: MoveGroup): Promise<GroupRow> {
    const wanted = [...new Set(parentIds)];
    refuseAbove(
      maximumBulkIds,
      wanted.length,
      `At most ${maximumBulkIds} ids are taken at once.`,
      'parentIds',
    );
    return call.store.transaction(async (store) => {
      const group = await this.begin(call, store, id);
      const known = (await closure.findNeighbours(store, 'parents', [id])).map((row) => row.id);
      const [added, removed] = [
        wanted.filter((each) => !known.includes(each)),
        known.filter((each) => !wanted.includes(each)),
      ];
      await this.groups.requireBeside(store, group, 'parentIds', added);
      await requireRolesAbove(this.guard, call, store, group, added, 'parentIds');
      await requireStaying(call, store, removed);
      await closure.deleteEdges(
        store,
        removed.map((parentId) => ({ parentId, childId: id })),
      );
      if (removed.length > 0) await closure.rebuildAbove(store, id);
      for (const parentId of added) await this.link(store, parentId, id, 'parentIds');
      return this.end(call, store, group, 'group.move', { parentIds: wanted });
    });
  }

  /** One edge. A group in itself is passed over, as it changes nothing. Inside the transaction of `store`, with the nesting locked. */
  async link(store: Store, parentId: string, childId: string, field: string): Promise<void> {
    if (parentId === childId) return;
    const edge = { parentId, childId };
    if ((await closure.findBelow(store, childId, [parentId])).length > 0)
      throw await cycle(store, edge, field);
    if ((await closure.insertEdges(store, [edge])) === 0) return;
    await closure.rebuildAbove(store, childId);
    await this.refuseCrowd(store, edge, field);
  }

  private async refuseCrowd(store: Store, { parentId, childId }: closure.Edge, field: string): Promise<void> {
    const { maxDepth, maxChildren, maxParents } = this.limits;
    const depth = await closure.findDepth(store, childId);
    refuseAbove(maxDepth, depth, `Groups may stand in each other at most ${maxDepth} levels deep.`, field);
    const children = (await closure.findNeighbours(store, 'children', [parentId])).length;
    refuseAbove(maxChildren, children, `At most ${maxChildren} groups may stand directly in one.`, field);
    const parents = (await closure.findNeighbours(store, 'parents', [childId])).length;
    refuseAbove(maxParents, parents, `A group may stand directly in at most ${maxParents} others.`, field);
  }

  private async begin(call: Call, store: Store, id: string): Promise<GroupRow> {
    await closure.lockNesting(store);
    return this.groups.require(call, store, id);
  }

  private async end(
    call: Call,
    store: Store,
    row: GroupRow,
    action: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<GroupRow> {
    await this.groups.record(store, call, action, row.id, ['nested'], details);
    return this.groups.touch(call, store, row);
  }
}

/** CONFLICT with the way round: from the group that would be put in, down to where it would be put, and back. */
async function cycle(store: Store, { parentId, childId }: closure.Edge, field: string): Promise<Error> {
  const edges = await closure.findEdgesBetween(store, childId, parentId);
  const path = [...(pathBetween(edges, childId, parentId) ?? [childId, parentId]), childId];
  const names = new Map((await findGroups(store, path)).map((row) => [row.id, row.name]));
  return commonErrors.CONFLICT({
    message: 'A group cannot stand in itself, not even by way of others.',
    extensions: { field, cycle: path, names: path.map((id) => names.get(id) ?? id) },
  });
}
