import {
  countEffectivePermissions,
  findEffectivePermissions,
} from '#src/features/organizations/effective-permissions/effective-permission.repository';
import type { EffectivePermissionRow } from '#src/features/organizations/effective-permissions/permission-slice.repository';
import { roleById } from '#src/features/roles/role.loader';
import { parentPages, type ForwardArguments } from '#src/graphql/parent-pages';
import type { RequestContext } from '#src/graphql/request-context';
import type { Page } from '#src/shared/page';

export interface PermissionScope {
  readonly kind: 'EFFECTIVE' | 'DIRECT';
  readonly organizationId: string | null;
}

const pages = parentPages<EffectivePermissionRow, PermissionScope>({
  name: 'User.permissions',
  parentOf: (row) => row.userId,
  keyOf: (row) => [row.name, row.id],
  async read(context, userIds, { after, limit, extra }) {
    const rows = await findEffectivePermissions(context.store, {
      ...extra,
      userIds,
      limit,
      after: after as readonly [string, string] | null,
    });
    await loadSources(context, rows);
    return rows;
  },
});

/** The roles behind a page at once, where they are selected: thousands of sources are then answered without a promise. */
async function loadSources(context: RequestContext, rows: readonly EffectivePermissionRow[]): Promise<void> {
  if (!context.selected?.get('PermissionSource')?.resolved.has('role')) return;
  const roleIds = new Set<string>();
  for (const { sources } of rows) for (const { roleId } of sources) if (roleId !== null) roleIds.add(roleId);
  await context.load(roleById).loadAll([...roleIds]);
}

/** Pages of what users may do in one context, with the sources of each permission. */
export function effectivePermissions(
  context: RequestContext,
  userId: string,
  page: ForwardArguments,
  scope: PermissionScope,
): Page<EffectivePermissionRow> | Promise<Page<EffectivePermissionRow>> {
  return pages.load(context, userId, page, reachable(context, scope));
}

export function countPermissionsOf(
  context: RequestContext,
  userId: string,
  scope: PermissionScope,
): Promise<number> {
  return countEffectivePermissions(context.store, userId, reachable(context, scope));
}

/**
 * SECURITY: guessing across organizations: a caller bound to one looks at users inside it. Another organization is answered like one
 * that does not exist: nothing is in force there.
 */
export function reachableOrganization(context: RequestContext, organizationId: string | null): string | null {
  const bound = context.principal.organizationId;
  if (bound === null || organizationId === bound) return organizationId;
  return organizationId === null ? bound : '';
}

function reachable(context: RequestContext, scope: PermissionScope): PermissionScope {
  return { ...scope, organizationId: reachableOrganization(context, scope.organizationId) };
}
