import {
  countEffectivePermissions,
  findEffectivePermissions,
  type EffectivePermissionRow,
} from '#src/features/organizations/effective-permissions/effective-permission.repository';
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
  read: (context, userIds, { after, limit, extra }) =>
    findEffectivePermissions(context.store, {
      ...extra,
      userIds,
      limit,
      after: after as readonly [string, string] | null,
    }),
});

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
  return countEffectivePermissions(context.store, { ...reachable(context, scope), userIds: [userId] });
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
