import { parentPages } from '#src/graphql/parent-pages';
import { countPermissions, findPermissionsOfServers } from '#src/features/roles/permission-list.repository';
import type { PermissionRow } from '#src/features/roles/permission.repository';
import type { RequestContext } from '#src/graphql/request-context';

/** Pages of what resource servers define, by name. */
export const permissionsOfServer = parentPages<PermissionRow, null>({
  name: 'ResourceServer.permissions',
  parentOf: (row) => row.resourceServerId,
  keyOf: (row) => [row.name, row.id],
  read: (context, resourceServerIds, { after, limit }) =>
    findPermissionsOfServers(context.store, {
      resourceServerIds,
      limit,
      after: after as readonly [string, string] | null,
    }),
});

export function countPermissionsOfServer(context: RequestContext, resourceServerId: string): Promise<number> {
  return countPermissions(context.store, { resourceServerId });
}
