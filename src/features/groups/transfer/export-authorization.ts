import type { AuthorizationSwitches } from '#src/features/groups/authorization/authorization-switches';
import {
  loadAuthorization,
  type Pair,
  type Reference,
} from '#src/features/groups/transfer/transfer.repository';
import { applicationOf, applicationPrefix } from '#src/features/roles/application-roles';
import { reachOf, type ReachRequest } from '#src/features/users/reach/reach';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/**
 * The groups of the deployment, the roles and permissions of applications and the switches as a document of the extension, under the
 * names that they came with. Roles for all applications are in it where a group has them, without their permissions.
 */
export async function exportAuthorization(
  call: ReachRequest & { readonly store: Store },
  switches: AuthorizationSwitches,
): Promise<object> {
  const { store } = call;
  // SECURITY: a document names every member, so it is nothing for callers who reach some users alone.
  if (reachOf(call) !== null)
    throw commonErrors.FORBIDDEN({ message: 'Only callers who reach every user export groups.' });
  const stored = await loadAuthorization(store);
  const names = new Map(stored.references.map((row) => [`${row.kind} ${row.objectId}`, row.reference]));
  const nameOf = (kind: Reference['kind'], id: string): string => names.get(`${kind} ${id}`) ?? id;
  const right = (pairs: readonly Pair[], left: string): string[] =>
    pairs.filter((pair) => pair.left === left).map((pair) => pair.right);
  const inUse = new Set(stored.groupRoles.map((pair) => pair.right));
  const held = new Set(stored.rolePermissions.map((pair) => pair.right));
  const typeOf = (applicationId: string, identifiers: ReadonlySet<string>): string =>
    identifiers.has(`${applicationPrefix}${applicationId}`) || applicationId.startsWith('app_')
      ? 'client'
      : 'resource_server';
  const identifiers = new Set(stored.permissions.map(({ identifier }) => identifier));
  return {
    configuration: [{ _id: 'v1', ...switches }],
    groups: stored.groups.map(({ id, name, description }) => ({
      _id: nameOf('group', id),
      name,
      description,
      members: right(stored.members, id),
      nested: stored.edges
        .filter(({ parentId }) => parentId === id)
        .map(({ childId }) => nameOf('group', childId)),
      roles: right(stored.groupRoles, id).map((roleId) => nameOf('role', roleId)),
      mappings: stored.mappings
        .filter(({ groupId }) => groupId === id)
        .map((mapping) => ({
          _id: mapping.id,
          groupName: mapping.groupName,
          connectionName: mapping.connectionName,
        })),
    })),
    roles: stored.roles
      .filter(({ id, applicationId }) => applicationId !== null || inUse.has(id))
      .map(({ id, name, description, applicationId }) => ({
        _id: nameOf('role', id),
        name,
        description: description ?? '',
        ...(applicationId === null
          ? {}
          : { applicationType: typeOf(applicationId, identifiers), applicationId }),
        permissions: right(stored.rolePermissions, id).map((each) => nameOf('permission', each)),
        users: right(stored.roleUsers, id),
      })),
    permissions: stored.permissions
      .filter(({ id, identifier }) => identifier.startsWith(applicationPrefix) || held.has(id))
      .map(({ id, name, description, identifier }) => ({
        _id: nameOf('permission', id),
        name,
        description: description ?? '',
        applicationType: identifier.startsWith(applicationPrefix) ? 'client' : 'resource_server',
        applicationId: applicationOf(identifier),
      })),
  };
}
