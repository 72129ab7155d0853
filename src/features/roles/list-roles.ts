import type { Call } from '#src/access/call';
import { foldText } from '#src/features/users/fold-text';
import type { Page, PageArguments } from '#src/shared/page';
import { soughtName } from './checked-text';
import { findRolePage } from './role-list.repository';
import { countRoles, type RoleFilter, type RoleRow } from './role.repository';

export interface RoleSearch {
  readonly type?: string | null;
  readonly organizationId?: string | null;
  /** The beginning of the name, whatever the case. */
  readonly name?: string | null;
}

/** Roles within the caller's reach: whoever is bound to an organization sees the deployment's roles and that organization's. */
export function listRoles(call: Call, search: RoleSearch, page: PageArguments): Promise<Page<RoleRow>> {
  return findRolePage(call.store, filterOf(call, search), page);
}

export function countListedRoles(call: Call, search: RoleSearch): Promise<number> {
  return countRoles(call.store, filterOf(call, search));
}

function filterOf(call: Call, { type, organizationId, ...search }: RoleSearch): RoleFilter {
  const name = soughtName(search.name);
  return {
    type: type ?? null,
    organizationId: organizationId ?? null,
    visibleTo: call.principal.organizationId,
    namePrefix: name === null ? null : foldText(name),
  };
}
