import { applicationById } from '#src/features/applications/application.loader';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { findGrants } from '#src/features/organizations/applications/organization-application.repository';
import { groupBy } from '#src/features/roles/group-by';
import { defineLoader } from '#src/graphql/request-loader';

/** The applications that were granted to organizations, by name; two statements for all. */
export const applicationsByOrganization = defineLoader<string, readonly ApplicationRow[]>(
  'applications-by-organization',
  async (ids, context) => {
    const granted = await findGrants(context.store, ids);
    const applicationIds = granted.map(({ applicationId }) => applicationId);
    const rows = await context.load(applicationById).loadAll(applicationIds);
    const found = granted.map((grant, place) => ({ ...grant, row: rows[place] ?? null }));
    return groupBy(ids, found, ({ organizationId }) => organizationId).map((group) =>
      group.flatMap(({ row }) => row ?? []),
    );
  },
);
