import type { GroupsConfig } from '#src/config/groups';
import { deleteGroups, insertGroup, updateGroup, type GroupRow } from '#src/features/groups/group.repository';
import type { GroupMappingService } from '#src/features/groups/mappings/group-mapping.service';
import { deleteMapping } from '#src/features/groups/mappings/group-mapping.repository';
import type { Edge } from '#src/features/groups/nesting/closure.repository';
import { computeClosure } from '#src/features/groups/nesting/compute-closure';
import { countGroupRoles } from '#src/features/groups/roles/group-role.repository';
import type { DocumentGroup } from '#src/features/groups/transfer/authorization-document';
import { pairsOf, type ImportRun } from '#src/features/groups/transfer/import-rights';
import * as transfer from '#src/features/groups/transfer/transfer.repository';
import type { Pair } from '#src/features/groups/transfer/transfer.repository';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { foldText } from '#src/features/users/fold-text';
import { commonErrors } from '#src/shared/errors';

export interface GroupImportServices {
  readonly groupMappings: GroupMappingService;
  readonly limits: GroupsConfig;
  /** By name. */
  readonly connections: ReadonlyMap<string, string>;
}

/** Makes and changes the groups of the document, and with REPLACE removes the others. */
export async function importGroups(services: GroupImportServices, run: ImportRun): Promise<void> {
  const { call, document, changes } = run;
  const places: { wanted: DocumentGroup; before: GroupRow | null; id: string }[] = [];
  for (const wanted of document.groups) {
    const before = findGroup(run, wanted);
    const id = before?.id ?? call.ids.next('grp');
    run.ids.group.set(wanted.id, id);
    places.push({ wanted, before, id });
  }
  const gone = run.isReplace
    ? run.stored.groups.filter(({ id }) => !places.some((place) => place.id === id))
    : [];
  await deleteGroups(
    call.store,
    gone.map(({ id }) => id),
  );
  for (const { id, name } of gone) changes.add({ action: 'DELETE', kind: 'GROUP', id, name });
  const touched = new Set<string>();
  for (const { wanted, before, id } of places) if (await storeGroup(run, wanted, before, id)) touched.add(id);
  await importNesting(
    services.limits,
    run,
    places,
    gone.map(({ id }) => id),
    touched,
  );
  await importLinks(services, run, places, touched);
  for (const { wanted, before, id } of places)
    if (before !== null && touched.has(id))
      changes.add({ action: 'UPDATE', kind: 'GROUP', id, name: wanted.name });
}

interface Place {
  readonly wanted: DocumentGroup;
  readonly before: GroupRow | null;
  readonly id: string;
}

/** By what it was called, by its id, or by its name. */
function findGroup({ stored, ids }: ImportRun, { id, name }: DocumentGroup): GroupRow | null {
  const known = ids.group.get(id) ?? id;
  return (
    stored.groups.find((row) => row.id === known) ??
    stored.groups.find((row) => foldText(row.name) === foldText(name)) ??
    null
  );
}

/** Answers whether a group that was there has changed. */
async function storeGroup(
  { call, changes }: ImportRun,
  wanted: DocumentGroup,
  before: GroupRow | null,
  id: string,
): Promise<boolean> {
  const { name, description } = wanted;
  const now = call.clock.now();
  if (before === null) {
    await insertGroup(call.store, {
      id,
      name,
      description,
      organizationId: null,
      createdAt: now,
      updatedAt: now,
    });
    changes.add({ action: 'CREATE', kind: 'GROUP', id, name });
    return false;
  }
  if (before.name === name && before.description === description) return false;
  await updateGroup(call.store, id, { name, description, updatedAt: now });
  return true;
}

async function importNesting(
  limits: GroupsConfig,
  run: ImportRun,
  places: readonly Place[],
  gone: readonly string[],
  touched: Set<string>,
): Promise<void> {
  const { stored, ids, isReplace, call } = run;
  const key = ({ parentId, childId }: Edge): string => `${parentId} ${childId}`;
  const wanted = places.flatMap((place) =>
    place.wanted.nested.map((child): Edge => ({
      parentId: place.id,
      childId: ids.group.get(child) ?? child,
    })),
  );
  const kept = isReplace ? [] : stored.edges;
  const edges = [...new Map([...kept, ...wanted].map((edge) => [key(edge), edge])).values()];
  const before = new Set(stored.edges.map(key));
  const after = new Set(edges.map(key));
  for (const edge of [...edges, ...stored.edges])
    if (before.has(key(edge)) !== after.has(key(edge))) touched.add(edge.parentId);
  const groupIds = [...new Set([...stored.groups.map(({ id }) => id), ...places.map(({ id }) => id)])].filter(
    (id) => !gone.includes(id),
  );
  const { pairs, cycle, depth, isTooLarge } = computeClosure(groupIds, edges, limits.maxDepth);
  if (cycle !== null) throw refusedCycle(places, stored.groups, cycle);
  refuseAbove(
    limits.maxDepth,
    depth,
    `Groups may stand in each other at most ${limits.maxDepth} levels deep.`,
    'groups',
  );
  if (isTooLarge)
    throw commonErrors.LIMIT_EXCEEDED({
      message: 'The groups stand in each other in too many ways.',
      extensions: { path: 'groups' },
    });
  refuseCrowd(edges, 'parentId', limits.maxChildren, 'groups may stand directly in one.');
  refuseCrowd(edges, 'childId', limits.maxParents, 'others may hold one group directly.');
  await transfer.replaceNesting(call.store, groupIds, edges, pairs);
}

function refuseCrowd(edges: readonly Edge[], side: keyof Edge, limit: number, words: string): void {
  const counts = new Map<string, number>();
  for (const edge of edges) counts.set(edge[side], (counts.get(edge[side]) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  refuseAbove(limit, most, `At most ${limit} ${words}`, 'groups');
}

function refusedCycle(
  places: readonly Place[],
  stored: readonly GroupRow[],
  cycle: readonly string[],
): Error {
  const names = new Map<string, string>(stored.map(({ id, name }) => [id, name]));
  for (const { id, wanted } of places) names.set(id, wanted.name);
  const [parent, child] = cycle;
  const at = places.findIndex(({ id }) => id === parent);
  const position =
    places[at]?.wanted.nested.findIndex(
      (each) => places.find(({ id }) => id === child)?.wanted.id === each,
    ) ?? -1;
  const path =
    at < 0 ? 'groups' : position < 0 ? `groups[${at}].nested` : `groups[${at}].nested[${position}]`;
  const message = 'A group cannot stand in itself, not even by way of others.';
  return commonErrors.CONFLICT({
    message: `${path}: ${message}`,
    extensions: { path, problems: [{ path, message }], cycle: cycle.map((id) => names.get(id) ?? id) },
  });
}

/** Members, roles and mappings. */
async function importLinks(
  { groupMappings, limits, connections }: GroupImportServices,
  run: ImportRun,
  places: readonly Place[],
  touched: Set<string>,
): Promise<void> {
  const { stored, ids, isReplace, call } = run;
  const { store } = call;
  const [come, go]: [Pair[], Pair[]] = [[], []];
  const [given, taken]: [Pair[], Pair[]] = [[], []];
  for (const { wanted, id } of places) {
    const members = difference(pairsOf(stored.members, id), wanted.members, isReplace);
    come.push(...members.added.map((right) => ({ left: id, right })));
    go.push(...members.removed.map((right) => ({ left: id, right })));
    const roleIds = wanted.roles.map((each) => ids.role.get(each) ?? each);
    const roles = difference(pairsOf(stored.groupRoles, id), roleIds, isReplace);
    given.push(...roles.added.map((right) => ({ left: id, right })));
    taken.push(...roles.removed.map((right) => ({ left: id, right })));
    const name = (mapping: { connectionName: string; groupName: string }): string =>
      JSON.stringify([mapping.connectionName, mapping.groupName]);
    const known = stored.mappings.filter(({ groupId }) => groupId === id);
    const mappings = difference(new Set(known.map(name)), wanted.mappings.map(name), isReplace);
    for (const mapping of known)
      if (mappings.removed.includes(name(mapping))) await deleteMapping(store, mapping.id);
    for (const each of mappings.added) {
      const [connectionName = '', groupName = ''] = JSON.parse(each) as string[];
      await groupMappings.insert(call, store, id, {
        connectionId: connections.get(connectionName) ?? '',
        groupName,
      });
    }
    const changes = [members, roles, mappings].flatMap(({ added, removed }) => [...added, ...removed]);
    if (changes.length > 0) touched.add(id);
    const total = new Set([...(isReplace ? [] : pairsOf(stored.members, id)), ...wanted.members]).size;
    refuseAbove(limits.maxMembers, total, `A group may have at most ${limits.maxMembers} members.`, 'groups');
  }
  for (const { right } of [...come, ...go]) run.users.groups.add(right);
  await transfer.deleteMembers(store, go);
  await transfer.insertMembers(store, come, call.clock.now());
  await transfer.deleteGroupRoles(store, taken);
  await transfer.insertGroupRoles(store, given);
  for (const id of new Set(given.map(({ left }) => left))) {
    const counts = await countGroupRoles(store, { id, organizationId: null });
    const { maxRolesPerGroup, maxDistinctRoles, maxGroupsWithRoles } = limits;
    refuseAbove(
      maxRolesPerGroup,
      counts.roles,
      `A group may have at most ${maxRolesPerGroup} roles.`,
      'groups',
    );
    refuseAbove(
      maxDistinctRoles,
      counts.distinctRoles,
      `Groups may have at most ${maxDistinctRoles} different roles.`,
      'groups',
    );
    refuseAbove(
      maxGroupsWithRoles,
      counts.groupsWithRoles,
      `At most ${maxGroupsWithRoles} groups may have roles.`,
      'groups',
    );
  }
}

function difference(
  before: ReadonlySet<string>,
  wanted: readonly string[],
  isReplace: boolean,
): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  const after = new Set(wanted);
  return {
    added: [...after].filter((each) => !before.has(each)),
    removed: isReplace ? [...before].filter((each) => !after.has(each)) : [],
  };
}
