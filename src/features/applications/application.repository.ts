import { ApplicationEntity } from '#src/features/applications/application.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { readPage, type PageRead } from '#src/storage/page';
import { sql } from '#src/storage/sql';
import { refuseTaken } from '#src/storage/refuse-taken';
import type { Read, RowOf, Store } from '#src/storage/store';

const takenName = { field: 'name', message: 'There is an application of this name already.' };

export const applicationSelection = columnsOf(ApplicationEntity, 'a', [
  'id',
  'name',
  'description',
  'type',
  'isEnabled',
  'isFirstParty',
  'devMode',
  'callbacks',
  'allowedLogoutUrls',
  'allowedWebOrigins',
  'allowedEmbedOrigins',
  'initiateLoginUri',
  'defaultRedirectUri',
  'organizationUsage',
  'organizationRequireBehavior',
  'organizationDiscoveryMethods',
  'defaultOrganizationId',
  'allowAnyOrganization',
  'allowDelegatedAccess',
  'metadata',
  'createdAt',
  'updatedAt',
  'version',
]);
export type ApplicationRow = RowOf<typeof applicationSelection>;

const applicationsById: Read<{ ids: readonly string[] }, ApplicationRow> = {
  name: 'applications_by_id',
  build: (builder, dialect) => builder.from(ApplicationEntity, 'a').where(dialect.anyOf('a.id', ':ids')),
  select: applicationSelection,
};

export function findApplications(store: Store, ids: readonly string[]): Promise<ApplicationRow[]> {
  return store.read(applicationsById, { ids });
}

const all: PageRead<object, ApplicationRow> = {
  name: 'applications_page',
  order: 'applications:name',
  build: (builder) => builder.from(ApplicationEntity, 'a'),
  select: applicationSelection,
  keys: [{ column: 'a.name', direction: 'asc', of: (row) => row.name }],
};

/** All applications, by name. */
export function findApplicationPage(store: Store, page: PageArguments): Promise<Page<ApplicationRow>> {
  return readPage(store, all, {}, page);
}

export async function countApplications(store: Store): Promise<number> {
  const statement = sql`SELECT COUNT(*) AS "n" FROM ${store.table(ApplicationEntity)}`;
  return (await store.query<{ n: number }>(statement, { n: 'integer' }))[0]?.n ?? 0;
}

/** The application as it is now; nobody else changes it before the end of the transaction. */
export async function lockApplication(store: Store, id: string): Promise<ApplicationRow | null> {
  const { columns, kinds } = store.selection(applicationSelection);
  const [row] = await store.query<ApplicationRow>(
    sql`SELECT ${columns} FROM ${store.table(ApplicationEntity)} AS a
      WHERE ${store.column(ApplicationEntity, 'id', 'a')} = ${id}${store.dialect.forUpdate}`,
    kinds,
  );
  return row ?? null;
}

const enabledOrigins: Read<object, { readonly allowedWebOrigins: readonly string[] }> = {
  name: 'application_origins',
  build: (builder) => builder.from(ApplicationEntity, 'a').where('a.isEnabled'),
  select: columnsOf(ApplicationEntity, 'a', ['allowedWebOrigins']),
};

/** The origins of all enabled applications. */
export async function findWebOrigins(store: Store): Promise<ReadonlySet<string>> {
  const rows = await store.read(enabledOrigins, {});
  return new Set(rows.flatMap(({ allowedWebOrigins }) => allowedWebOrigins));
}

export function insertApplication(store: Store, row: ApplicationRow): Promise<void> {
  return refuseTaken(takenName, async () => void (await store.insert(ApplicationEntity, row)));
}

export function updateApplication(store: Store, id: string, set: Partial<ApplicationEntity>): Promise<void> {
  return refuseTaken(takenName, async () => void (await store.update(ApplicationEntity, { id }, set)));
}

/** Its secrets and permissions go with it. */
export async function deleteApplication(store: Store, id: string): Promise<void> {
  await store.delete(ApplicationEntity, { id });
}
