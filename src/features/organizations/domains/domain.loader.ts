import { findDomainPages, type DomainRow } from '#src/features/organizations/domains/domain.repository';
import { parentPages } from '#src/graphql/parent-pages';

/** The domains of organizations, by name. */
export const domainsByOrganization = parentPages<DomainRow, null>({
  name: 'Organization.domains',
  parentOf: (row) => row.organizationId,
  keyOf: (row) => [row.domain],
  read: (context, organizationIds, { after, limit }) =>
    findDomainPages(context.store, { organizationIds, limit, after: after as readonly [string] | null }),
});
