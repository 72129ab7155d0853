import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import type { FieldColumns } from '#src/graphql/needed-columns';
import { columnsOf } from '#src/storage/columns';
import { escapeLike } from '#src/storage/dialect/dialect';
import { sql, type Sql } from '#src/storage/sql';
import { refuseTaken } from '#src/storage/refuse-taken';
import type { Read, RowOf, Store } from '#src/storage/store';

const takenName = { field: 'name', message: 'There is an organization of this name already.' };

/** What anybody who signs in is shown of an organization. */
export const shownColumns = [
  'id',
  'name',
  'displayName',
  'logoUrl',
  'primaryColor',
  'pageBackgroundColor',
] as const;

export const organizationSelection = columnsOf(OrganizationEntity, 'o', [
  ...shownColumns,
  'metadata',
  'thirdPartyClientAccess',
  'appEntitlementActive',
  'tokenQuota',
  'createdAt',
  'updatedAt',
  'version',
]);
export type OrganizationRow = RowOf<typeof organizationSelection>;

/** What the fields of `Organization` take of a row. */
export const organizationFieldColumns: FieldColumns<keyof OrganizationRow> = {
  type: 'Organization',
  always: ['id'],
  resolved: {
    branding: ['logoUrl', 'primaryColor', 'pageBackgroundColor'],
    metadata: ['metadata'],
    members: [],
    roles: [],
    connections: [],
    domains: [],
    invitations: [],
    applications: [],
  },
};

const organizationsById: Read<{ ids: readonly string[] }, OrganizationRow> = {
  name: 'organizations_by_id',
  build: (builder, dialect) => builder.from(OrganizationEntity, 'o').where(dialect.anyOf('o.id', ':ids')),
  select: organizationSelection,
};

export function findOrganizations(
  store: Store,
  ids: readonly string[],
  only?: readonly string[],
): Promise<OrganizationRow[]> {
  return store.read(organizationsById, { ids }, only);
}

/** The organization as it is now; nobody else changes it before the end of the transaction. */
export async function lockOrganization(store: Store, id: string): Promise<OrganizationRow | null> {
  const { columns, kinds } = store.selection(organizationSelection);
  const [row] = await store.query<OrganizationRow>(
    sql`SELECT ${columns} FROM ${store.table(OrganizationEntity)} AS o
      WHERE ${store.column(OrganizationEntity, 'id', 'o')} = ${id}${store.dialect.forUpdate}`,
    kinds,
  );
  return row ?? null;
}

export interface OrganizationFilter {
  /** The only organization within the caller's reach; null: all. */
  readonly bound: string | null;
  readonly name?: NamePart | null;
}

const byName: Read<{ readonly name: string }, OrganizationRow> = {
  name: 'organization_by_name',
  build: (builder) => builder.from(OrganizationEntity, 'o').where('o.name = :name'),
  select: organizationSelection,
};

export async function findOrganizationByName(store: Store, name: string): Promise<OrganizationRow | null> {
  return (await store.read(byName, { name }))[0] ?? null;
}

/** A search by name. A short part would match nearly everything, so that it must be the whole name. */
export interface NamePart {
  readonly text: string;
  readonly isWhole: boolean;
  /** How many organizations it finds at most: those that come first in the order of names. */
  readonly limit: number;
}

export function organizationCondition(store: Store, { bound, name }: OrganizationFilter): Sql {
  return sql.and([
    bound === null ? null : sql`${store.column(OrganizationEntity, 'id', 'o')} = ${bound}`,
    name ? nameMatch(store, name) : null,
  ]);
}

function nameMatch(store: Store, { text, isWhole, limit }: NamePart): Sql {
  if (isWhole) return sql`${store.column(OrganizationEntity, 'name', 'o')} = ${text}`;
  const found = store.column(OrganizationEntity, 'name', 'hit');
  return sql`${store.column(OrganizationEntity, 'name', 'o')} IN (
    SELECT ${found} FROM ${store.table(OrganizationEntity)} AS hit
    WHERE ${store.dialect.like(found, `%${escapeLike(text)}%`)} ORDER BY ${found} LIMIT ${limit})`;
}

export async function countOrganizations(store: Store, filter: OrganizationFilter): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(OrganizationEntity)} AS o WHERE ${organizationCondition(store, filter)}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export function insertOrganization(store: Store, row: OrganizationRow): Promise<void> {
  return refuseTaken(takenName, async () => void (await store.insert(OrganizationEntity, row)));
}

export function updateOrganization(
  store: Store,
  id: string,
  set: Partial<OrganizationEntity>,
): Promise<void> {
  return refuseTaken(takenName, async () => void (await store.update(OrganizationEntity, { id }, set)));
}

/** Roles of its own go with it; memberships do not. */
export async function deleteOrganizationRow(store: Store, id: string): Promise<void> {
  await store.delete(OrganizationEntity, { id });
}
