import { groupBy } from '#src/features/roles/group-by';
import { reachOf } from '#src/features/users/reach/reach';
import { parentPages } from '#src/graphql/parent-pages';
import type { RequestContext } from '#src/graphql/request-context';
import { defineLoader } from '#src/graphql/request-loader';
import { findGroups, type GroupRow } from './group.repository';
import { isWithinReach } from './group.service';
import {
  findMappingsOfGroups,
  type GroupMappingRow,
} from '#src/features/groups/mappings/group-mapping.repository';
import {
  countMembersWithin,
  findGroupsOfUsers,
  findMembers,
  type GroupOfUserRow,
  type MemberRow,
} from '#src/features/groups/members/group-member.repository';
import { findNeighbours, type NeighbourRow } from '#src/features/groups/nesting/closure.repository';
import { findRolesOfGroups, type GroupRoleRow } from '#src/features/groups/roles/group-role.repository';
import { foldText } from '#src/features/users/fold-text';

/** The group of an id, or null when there is none within the caller's reach. */
export const groupById = defineLoader<string, GroupRow | null>('group-by-id', async (ids, context) => {
  const rows = (await findGroups(context.store, ids)).filter((row) => isWithinReach(context, row));
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
});

export const parentsByGroup = neighbours('parents');
export const childrenByGroup = neighbours('children');

function neighbours(side: 'parents' | 'children') {
  return defineLoader<string, readonly NeighbourRow[]>(`${side}-by-group`, async (ids, context) =>
    groupBy(ids, await findNeighbours(context.store, side, ids), (row) => row.ofId),
  );
}

export const rolesByGroup = defineLoader<string, readonly GroupRoleRow[]>(
  'roles-by-group',
  async (ids, context) => groupBy(ids, await findRolesOfGroups(context.store, ids), (row) => row.groupId),
);

export const mappingsByGroup = defineLoader<string, readonly GroupMappingRow[]>(
  'mappings-by-group',
  async (ids, context) => groupBy(ids, await findMappingsOfGroups(context.store, ids), (row) => row.groupId),
);

/** Members of groups, in the order of their ids: those who were put there, or everybody in a group or below it. */
export const membersOfGroup = parentPages<MemberRow, { readonly isCalculated: boolean }>({
  name: 'Group.members',
  parentOf: (row) => row.groupId,
  keyOf: (row) => [row.userId],
  read: (context, groupIds, { after, limit, extra }) =>
    findMembers(context.store, {
      ...{ groupIds, limit, isCalculated: extra.isCalculated },
      after: (after?.[0] as string | undefined) ?? null,
      reach: reachOf(context),
    }),
});

export function countMembersOf(
  context: RequestContext,
  groupId: string,
  isCalculated: boolean,
): Promise<number> {
  return countMembersWithin(context.store, groupId, { isCalculated, reach: reachOf(context) });
}

/** Groups of users, by name. Whoever is bound to an organization learns of its groups alone. */
export const groupsOfUser = parentPages<GroupOfUserRow, { readonly isCalculated: boolean }>({
  name: 'User.groups',
  parentOf: (row) => row.userId,
  keyOf: (row) => [foldText(row.name), row.id],
  read: (context, userIds, { after, limit, extra }) =>
    findGroupsOfUsers(context.store, {
      ...{ userIds, limit, isCalculated: extra.isCalculated },
      organizationId: context.principal.organizationId ?? undefined,
      after: after as readonly [string, string] | null,
    }),
});

/** What this request has read of groups is forgotten after a change. */
export function forgetGroup(context: RequestContext, id: string): void {
  for (const loader of [groupById, parentsByGroup, childrenByGroup, rolesByGroup, mappingsByGroup])
    context.load(loader as typeof groupById).clear(id);
  membersOfGroup.forget(context);
  groupsOfUser.forget(context);
}
