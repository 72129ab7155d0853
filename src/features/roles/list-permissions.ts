import type { Call } from '#src/access/call';
import type { Page, PageArguments } from '#src/shared/page';
import { countPermissions, findPermissionPage, type PermissionFilter } from './permission-list.repository';
import type { PermissionRow } from './permission.repository';

/** What the resource servers define; the same for every caller who may read it at all. */
export function listPermissions(
  call: Call,
  filter: PermissionFilter,
  page: PageArguments,
): Promise<Page<PermissionRow>> {
  return findPermissionPage(call.store, filter, page);
}

export function countListedPermissions(call: Call, filter: PermissionFilter): Promise<number> {
  return countPermissions(call.store, filter);
}
