import { defineLoader } from '#src/graphql/request-loader';
import { neededColumns } from '#src/graphql/needed-columns';
import { findOrganizations, organizationFieldColumns, type OrganizationRow } from './organization.repository';

/** The organization of an id, or null when there is none within the caller's reach: whoever is bound to one reaches only that. */
export const organizationById = defineLoader<string, OrganizationRow | null>(
  'organization-by-id',
  async (ids, context) => {
    const bound = context.principal.organizationId;
    const only = neededColumns(context, organizationFieldColumns);
    const rows = await findOrganizations(context.store, ids, only);
    const found = new Map(
      rows.filter(({ id }) => bound === null || bound === id).map((row) => [row.id, row]),
    );
    return ids.map((id) => found.get(id) ?? null);
  },
);
