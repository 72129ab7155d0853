import type { Call } from '#src/access/call';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { Page, PageArguments } from '#src/shared/page';
import { soughtName } from '#src/features/roles/checked-text';
import { findOrganizationPage } from './organization-list.repository';
import { countOrganizations, type OrganizationFilter, type OrganizationRow } from './organization.repository';

export interface OrganizationSearch {
  /** Up to 3 characters: the whole name; more: any part of it. */
  readonly name?: string | null;
}

type SearchLimits = Pick<OrganizationsConfig, 'shortestNamePart' | 'maxNameHits'>;

/** Organizations within the caller's reach: whoever is bound to one sees that one alone. */
export function listOrganizations(
  limits: SearchLimits,
  call: Call,
  search: OrganizationSearch,
  page: PageArguments,
): Promise<Page<OrganizationRow>> {
  return findOrganizationPage(call.store, filterOf(limits, call, search), page);
}

export function countListedOrganizations(
  limits: SearchLimits,
  call: Call,
  search: OrganizationSearch,
): Promise<number> {
  return countOrganizations(call.store, filterOf(limits, call, search));
}

function filterOf(limits: SearchLimits, call: Call, search: OrganizationSearch): OrganizationFilter {
  const name = soughtName(search.name);
  const bound = call.principal.organizationId;
  if (name === null) return { bound };
  const isWhole = [...name].length < limits.shortestNamePart;
  return { bound, name: { text: name.toLowerCase(), isWhole, limit: limits.maxNameHits } };
}
