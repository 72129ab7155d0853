import type { Call } from '#src/access/call';
import type { Page, PageArguments } from '#src/shared/page';
import { findOrganizationPage } from './organization-list.repository';
import { countOrganizations, type OrganizationFilter, type OrganizationRow } from './organization.repository';

export interface OrganizationSearch {
  /** Up to 3 characters: the whole name; more: any part of it. */
  readonly name?: string | null;
}

/** Organizations within the caller's reach: whoever is bound to one sees that one alone. */
export function listOrganizations(
  call: Call,
  search: OrganizationSearch,
  page: PageArguments,
): Promise<Page<OrganizationRow>> {
  return findOrganizationPage(call.store, filterOf(call, search), page);
}

export function countListedOrganizations(call: Call, search: OrganizationSearch): Promise<number> {
  return countOrganizations(call.store, filterOf(call, search));
}

function filterOf(call: Call, { name }: OrganizationSearch): OrganizationFilter {
  return { bound: call.principal.organizationId, name: name ?? null };
}
