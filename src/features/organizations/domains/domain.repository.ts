import { DomainEntity } from '#src/features/organizations/domains/domain.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { shownColumns } from '#src/features/organizations/organization.repository';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const domainSelection = columnsOf(DomainEntity, 'd', [
  'id',
  'organizationId',
  'domain',
  'status',
  'useForOrganizationDiscovery',
  'verificationTxt',
  'createdAt',
  'updatedAt',
  'lastCheckedAt',
  'verifiedAt',
]);
export type DomainRow = RowOf<typeof domainSelection>;

const byId: Read<{ id: string }, DomainRow> = {
  name: 'organization_domain_by_id',
  build: (builder) => builder.from(DomainEntity, 'd').where('d.id = :id'),
  select: domainSelection,
};

export async function findDomain(store: Store, id: string): Promise<DomainRow | null> {
  return (await store.read(byId, { id }))[0] ?? null;
}

export interface DomainSlice {
  readonly organizationIds: readonly string[];
  readonly after: readonly [domain: string] | null;
  readonly limit: number;
}

/** The first domains of each organization by name; one statement for all. */
export function findDomainPages(store: Store, slice: DomainSlice): Promise<DomainRow[]> {
  const at = (property: keyof DomainEntity & string): Sql => store.column(DomainEntity, property, 'd');
  const { columns, kinds } = store.selection(domainSelection);
  const source = store.dialect.firstPerKey({
    keys: slice.organizationIds,
    table: store.table(DomainEntity),
    alias: 'd',
    parent: at('organizationId'),
    id: at('id'),
    where: sql.and([slice.after === null ? null : sql`${at('domain')} > ${slice.after[0]}`]),
    orderBy: at('domain'),
    limit: slice.limit,
  });
  return store.query<DomainRow>(sql`SELECT ${columns} FROM ${source} ORDER BY ${at('domain')}`, kinds);
}

export async function countDomains(store: Store, organizationId: string): Promise<number> {
  const of = store.column(DomainEntity, 'organizationId', 'd');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(DomainEntity)} AS d WHERE ${of} = ${organizationId}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** Answers false when the organization has the domain already. */
export async function insertDomain(store: Store, row: DomainRow): Promise<boolean> {
  return (await store.insert(DomainEntity, row, { ignoreConflicts: true })) === 1;
}

export async function updateDomain(store: Store, id: string, set: Partial<DomainEntity>): Promise<boolean> {
  return (await store.update(DomainEntity, { id }, set)) === 1;
}

export async function deleteDomain(store: Store, id: string): Promise<void> {
  await store.delete(DomainEntity, { id });
}

const discovered: Read<{ domain: string; limit: number }, DiscoveredRow> = {
  name: 'organizations_of_mail_domain',
  build: (builder) =>
    builder
      .from(DomainEntity, 'd')
      .innerJoin(OrganizationEntity, 'o', 'o.id = d.organizationId')
      .where('d.domain = :domain')
      .andWhere("d.status = 'VERIFIED'")
      .andWhere('d.useForOrganizationDiscovery = TRUE')
      .orderBy('o.name'),
  select: columnsOf(OrganizationEntity, 'o', shownColumns),
  limit: 'limit',
};

/** What a sign-in page shows of an organization. */
export interface DiscoveredRow {
  readonly id: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly logoUrl: string | null;
  readonly primaryColor: string | null;
  readonly pageBackgroundColor: string | null;
}

/** Organizations that have proven to own a domain, by name. */
export function findOrganizationsOfDomain(
  store: Store,
  domain: string,
  limit: number,
): Promise<DiscoveredRow[]> {
  return store.read(discovered, { domain, limit });
}
