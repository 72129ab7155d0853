import type { Call } from '#src/access/call';
import type {
  AuthorizationDocument,
  DocumentPermission,
  DocumentRole,
} from '#src/features/groups/transfer/authorization-document';
import type { ImportChanges } from '#src/features/groups/transfer/import-changes';
import * as transfer from '#src/features/groups/transfer/transfer.repository';
import type {
  Pair,
  Reference,
  StoredAuthorization,
  StoredPermission,
} from '#src/features/groups/transfer/transfer.repository';
import { applicationPrefix } from '#src/features/roles/application-roles';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import { maximumBulkIds } from '#src/features/roles/bulk-ids';
import type { ResourceServerService } from '#src/features/roles/resource-servers/resource-server.service';
import type { RoleRow } from '#src/features/roles/role.repository';
import type { RoleService } from '#src/features/roles/role.service';
import { foldText } from '#src/features/users/fold-text';

export interface RightsServices {
  readonly assignments: AssignmentService;
  readonly roles: RoleService;
  readonly resourceServers: ResourceServerService;
}

/** Where an import is at. */
export interface ImportRun {
  /** Its store is that of the import's transaction. */
  readonly call: Call;
  readonly document: AuthorizationDocument;
  readonly stored: StoredAuthorization;
  readonly isReplace: boolean;
  readonly changes: ImportChanges;
  /** Users whose roles, or groups, the import changes. */
  readonly users: Record<'roles' | 'groups', Set<string>>;
  /** What the document calls each object, and its id here. */
  readonly ids: Record<Reference['kind'], Map<string, string>>;
}

const identifierOf = ({ applicationId, isClient }: DocumentPermission): string =>
  isClient ? `${applicationPrefix}${applicationId}` : applicationId;

/** Defines the permissions of the document, each at the resource server of its application. */
export async function importPermissions({ resourceServers }: RightsServices, run: ImportRun): Promise<void> {
  const { call, document, stored, changes } = run;
  const wanted = new Map<string, DocumentPermission[]>();
  for (const each of document.permissions)
    wanted.set(identifierOf(each), [...(wanted.get(identifierOf(each)) ?? []), each]);
  const servers = await transfer.findServers(call.store, [...wanted.keys()]);
  for (const [name, permissions] of wanted) {
    const server = servers.find(({ id, identifier }) => id === name || identifier === name);
    const before = stored.permissions.filter(({ serverId }) => serverId === server?.id);
    const definitions = new Map(before.map((each) => [each.name, each.description]));
    for (const each of permissions)
      definitions.set(each.name, each.description ?? definitions.get(each.name) ?? null);
    const all = [...definitions].map(([each, description]) => ({ name: each, description }));
    if (server === undefined)
      await resourceServers.create(call, { identifier: name, enforcePolicies: true, permissions: all });
    else await resourceServers.update(call, { id: server.id, permissions: all });
    const known = new Map(before.map((each) => [each.name, each]));
    for (const each of permissions) {
      const old = known.get(each.name);
      if (old === undefined || (each.description !== null && each.description !== old.description))
        changes.add({
          action: old === undefined ? 'CREATE' : 'UPDATE',
          kind: 'PERMISSION',
          id: each.id,
          name: each.name,
        });
    }
  }
  const now = (await transfer.loadAuthorization(call.store)).permissions;
  for (const each of document.permissions) {
    const found = now.find((row) => row.name === each.name && isAt(row, identifierOf(each)));
    if (found) run.ids.permission.set(each.id, found.id);
  }
}

function isAt({ identifier, serverId }: StoredPermission, name: string): boolean {
  return identifier === name || serverId === name;
}

/** Makes and changes the roles of the document, with their permissions and the users who hold them directly. */
export async function importRoles({ assignments, roles }: RightsServices, run: ImportRun): Promise<void> {
  const { call, document, stored, changes, isReplace } = run;
  const { store } = call;
  const given = new Set<string>();
  for (const wanted of document.roles) {
    const before = findRole(run, wanted);
    const role = before ?? (await createRole(roles, call, wanted));
    run.ids.role.set(wanted.id, role.id);
    const permissionIds = wanted.permissions.map((id) => run.ids.permission.get(id) ?? id);
    const held = pairsOf(stored.rolePermissions, role.id);
    const added = permissionIds.filter((id) => !held.has(id));
    const removed = isReplace ? [...held].filter((id) => !permissionIds.includes(id)) : [];
    await inParts(added, (ids) => roles.addPermissions(call, { id: role.id, permissionIds: ids }));
    await inParts(removed, (ids) => roles.removePermissions(call, { id: role.id, permissionIds: ids }));
    const text = before === null ? [] : await changeText(roles, call, before, wanted);
    const users = pairsOf(stored.roleUsers, role.id);
    const come = wanted.users
      .filter((id) => !users.has(id))
      .map((id): Pair => ({ left: role.id, right: id }));
    for (const { right } of come) given.add(right);
    const go = isReplace ? [...users].filter((id) => !wanted.users.includes(id)) : [];
    for (const id of [...come.map(({ right }) => right), ...go]) run.users.roles.add(id);
    await transfer.insertRoleUsers(store, come, call.clock.now());
    await transfer.deleteRoleUsers(
      store,
      go.map((id) => ({ left: role.id, right: id })),
    );
    const isChanged = added.length + removed.length + text.length + come.length + go.length > 0;
    if (before === null || isChanged)
      changes.add({
        action: before === null ? 'CREATE' : 'UPDATE',
        kind: 'ROLE',
        id: role.id,
        name: wanted.name,
      });
  }
  // At the end: a document may move users from one role to another.
  if (given.size > 0) await assignments.refuseTooManyRoles(store, [...given], 'document.roles');
}

function createRole(
  roles: RoleService,
  call: Call,
  { name, description, applicationId }: DocumentRole,
): Promise<RoleRow> {
  return roles.createWithin(call, call.store, { name, description, applicationId });
}

/** By what it was called, by its id, or by its name in its application. */
function findRole({ stored, ids }: ImportRun, { id, name, applicationId }: DocumentRole): RoleRow | null {
  const known = ids.role.get(id) ?? id;
  const byId = stored.roles.find((row) => row.id === known && row.applicationId === applicationId);
  const byName = stored.roles.find(
    (row) => row.applicationId === applicationId && foldText(row.name) === foldText(name),
  );
  return byId ?? byName ?? null;
}

async function changeText(
  roles: RoleService,
  call: Call,
  before: RoleRow,
  { name, description }: DocumentRole,
): Promise<readonly string[]> {
  const changed = [
    ...(before.name === name ? [] : ['name']),
    ...(before.description === description ? [] : ['description']),
  ];
  // A role for all applications is only referred to: the document does not describe it.
  if (changed.length === 0 || before.applicationId === null) return [];
  await roles.update(call, { id: before.id, name, description });
  return changed;
}

/** Removes the roles and permissions of applications that the document does not hold. */
export async function removeRights(services: RightsServices, run: ImportRun): Promise<void> {
  const { call, stored, changes } = run;
  const keptRoles = new Set(run.ids.role.values());
  for (const { id, name, applicationId } of stored.roles) {
    if (applicationId === null || keptRoles.has(id)) continue;
    await services.roles.delete(call, id);
    changes.add({ action: 'DELETE', kind: 'ROLE', id, name });
  }
  const keptPermissions = new Set(run.ids.permission.values());
  const clients = stored.permissions.filter(({ identifier }) => identifier.startsWith(applicationPrefix));
  for (const serverId of new Set(clients.map((each) => each.serverId))) {
    const gone = clients.filter((each) => each.serverId === serverId && !keptPermissions.has(each.id));
    if (gone.length === 0) continue;
    const now = (await transfer.loadAuthorization(call.store)).permissions.filter(
      (each) => each.serverId === serverId,
    );
    const permissions = now.filter(({ id }) => !gone.some((each) => each.id === id));
    await services.resourceServers.update(call, { id: serverId, permissions });
    for (const { id, name } of gone) changes.add({ action: 'DELETE', kind: 'PERMISSION', id, name });
  }
}

export function pairsOf(pairs: readonly Pair[], left: string): ReadonlySet<string> {
  return new Set(pairs.filter((pair) => pair.left === left).map(({ right }) => right));
}

async function inParts(
  ids: readonly string[],
  work: (ids: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < ids.length; from += maximumBulkIds)
    await work(ids.slice(from, from + maximumBulkIds));
}
