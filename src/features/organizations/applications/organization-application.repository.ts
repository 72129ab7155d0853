import { ApplicationEntity } from '#src/features/applications/application.entity';
import { OrganizationApplicationEntity } from '#src/features/organizations/applications/organization-application.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import type { Instant } from '#src/shared/clock';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const grantSelection = columnsOf(OrganizationApplicationEntity, 'g', ['organizationId', 'applicationId']);
export type ApplicationGrantRow = RowOf<typeof grantSelection>;

const grantsByOrganization: Read<{ ids: readonly string[] }, ApplicationGrantRow> = {
  name: 'application_grants_by_organization',
  build: (builder, dialect) =>
    builder
      .from(OrganizationApplicationEntity, 'g')
      .innerJoin(ApplicationEntity, 'a', 'a.id = g.applicationId')
      .where(dialect.anyOf('g.organizationId', ':ids'))
      .orderBy('a.name'),
  select: grantSelection,
};

/** Which applications were granted to each organization, by their names. */
export function findGrants(store: Store, organizationIds: readonly string[]): Promise<ApplicationGrantRow[]> {
  return store.read(grantsByOrganization, { ids: organizationIds });
}

const entitlementSelection = {
  ...columnsOf(OrganizationEntity, 'o', ['appEntitlementActive', 'thirdPartyClientAccess']),
  grantedId: column(OrganizationApplicationEntity, 'g', 'applicationId'),
};
export type EntitlementRow = Omit<RowOf<typeof entitlementSelection>, 'grantedId'> & {
  /** Null when the application was not granted. */
  readonly grantedId: string | null;
};

const entitlement: Read<{ organizationId: string; applicationId: string }, EntitlementRow> = {
  name: 'application_entitlement',
  build: (builder) =>
    builder
      .from(OrganizationEntity, 'o')
      .leftJoin(
        OrganizationApplicationEntity,
        'g',
        'g.organizationId = o.id AND g.applicationId = :applicationId',
      )
      .where('o.id = :organizationId'),
  select: entitlementSelection,
};

/** What an organization says of the applications that it is used through; null when there is no such organization. */
export async function findEntitlement(
  store: Store,
  organizationId: string,
  applicationId: string | null,
): Promise<EntitlementRow | null> {
  const rows = await store.read(entitlement, { organizationId, applicationId: applicationId ?? '' });
  return rows[0] ?? null;
}

/** Those that were granted before stay as they are. */
export function insertGrants(
  store: Store,
  organizationId: string,
  applicationIds: readonly string[],
  now: Instant,
): Promise<number> {
  const rows = applicationIds.map((applicationId) => ({ organizationId, applicationId, createdAt: now }));
  return store.insert(OrganizationApplicationEntity, rows, { ignoreConflicts: true });
}

export function deleteGrants(
  store: Store,
  organizationId: string,
  applicationIds: readonly string[],
): Promise<number> {
  return store.delete(OrganizationApplicationEntity, { organizationId, applicationId: applicationIds });
}

/** How many machines an organization was granted, and how many other applications. */
export async function countGrants(
  store: Store,
  organizationId: string,
): Promise<{ readonly machines: number; readonly others: number }> {
  const granted = (property: keyof OrganizationApplicationEntity & string): Sql =>
    store.column(OrganizationApplicationEntity, property, 'g');
  const at = (property: keyof ApplicationEntity & string): Sql =>
    store.column(ApplicationEntity, property, 'a');
  const rows = await store.query<{ isMachine: boolean; n: number }>(
    sql`SELECT ${at('type')} = 'MACHINE' AS "isMachine", COUNT(*) AS "n"
      FROM ${store.table(OrganizationApplicationEntity)} AS g
      JOIN ${store.table(ApplicationEntity)} AS a ON ${at('id')} = ${granted('applicationId')}
      WHERE ${granted('organizationId')} = ${organizationId} GROUP BY ${at('type')} = 'MACHINE'`,
    { isMachine: 'boolean', n: 'integer' },
  );
  const count = (isMachine: boolean): number => rows.find((row) => row.isMachine === isMachine)?.n ?? 0;
  return { machines: count(true), others: count(false) };
}
