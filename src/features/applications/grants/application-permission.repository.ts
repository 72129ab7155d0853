import { ApplicationEntity } from '#src/features/applications/application.entity';
import { ApplicationPermissionEntity } from '#src/features/applications/grants/application-permission.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import type { Instant } from '#src/shared/clock';
import { column, columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const grantSelection = {
  ...columnsOf(PermissionEntity, 'p', ['id', 'name', 'description', 'resourceServerId']),
  applicationId: column(ApplicationPermissionEntity, 'ap', 'applicationId'),
};
export type ApplicationPermissionRow = RowOf<typeof grantSelection>;

const permissionsByApplication: Read<{ ids: readonly string[] }, ApplicationPermissionRow> = {
  name: 'permissions_by_application',
  build: (builder, dialect) =>
    builder
      .from(ApplicationPermissionEntity, 'ap')
      .innerJoin(PermissionEntity, 'p', 'p.id = ap.permissionId')
      .where(dialect.anyOf('ap.applicationId', ':ids'))
      .orderBy('p.name')
      .addOrderBy('p.id'),
  select: grantSelection,
};

/** What each application may do by itself, in the order of the permissions' names. */
export function findPermissionsOfApplications(
  store: Store,
  applicationIds: readonly string[],
): Promise<ApplicationPermissionRow[]> {
  return store.read(permissionsByApplication, { ids: applicationIds });
}

/** The gateway's permissions of an enabled application of a kind; one row without a name where it has none. */
function gatewayPermissions(
  name: string,
  kind: string,
): Read<{ id: string }, { readonly name: string | null }> {
  return {
    name,
    isGathered: true,
    build: (builder) =>
      builder
        .from(ApplicationEntity, 'a')
        .leftJoin(ApplicationPermissionEntity, 'ap', 'ap.applicationId = a.id')
        .leftJoin(ResourceServerEntity, 'r', 'r.isSystem')
        .leftJoin(PermissionEntity, 'p', 'p.id = ap.permissionId AND p.resourceServerId = r.id')
        .where('a.id = :id')
        .andWhere(kind)
        .andWhere('a.isEnabled'),
    select: { name: column(PermissionEntity, 'p', 'name') },
  };
}

const ofMachine = gatewayPermissions('gateway_permissions_of_machine', "a.type = 'MACHINE'");
const ofOthers = gatewayPermissions('own_account_permissions_of_application', "a.type <> 'MACHINE'");

/** Permissions of the gateway that an enabled machine holds by itself; null when there is no such machine. */
export async function findGatewayPermissions(store: Store, id: string): Promise<readonly string[] | null> {
  const rows = await store.read(ofMachine, { id });
  return rows.length === 0 ? null : rows.flatMap(({ name }) => (name === null ? [] : [name]));
}

/** Permissions over the accounts of those who use an enabled application; it can be given no others. */
export async function findOwnAccountPermissions(store: Store, id: string): Promise<readonly string[]> {
  return (await store.read(ofOthers, { id })).flatMap(({ name }) => (name === null ? [] : [name]));
}

const atApi: Read<{ id: string; audience: string }, { readonly name: string }> = {
  name: 'permissions_of_machine_at_api',
  build: (builder) =>
    builder
      .from(ApplicationEntity, 'a')
      .innerJoin(ApplicationPermissionEntity, 'ap', 'ap.applicationId = a.id')
      .innerJoin(PermissionEntity, 'p', 'p.id = ap.permissionId')
      .innerJoin(ResourceServerEntity, 'r', 'r.id = p.resourceServerId')
      .where('a.id = :id')
      .andWhere("a.type = 'MACHINE'")
      .andWhere('a.isEnabled')
      .andWhere('r.identifier = :audience')
      .orderBy('p.name'),
  select: { name: column(PermissionEntity, 'p', 'name') },
};

/** The permissions of one API that an enabled machine holds, by name. */
export async function findPermissionsAt(
  store: Store,
  id: string,
  audience: string,
): Promise<readonly string[]> {
  return (await store.read(atApi, { id, audience })).map(({ name }) => name);
}

export function insertApplicationPermissions(
  store: Store,
  applicationId: string,
  permissionIds: readonly string[],
  now: Instant,
): Promise<number> {
  const rows = permissionIds.map((permissionId) => ({ applicationId, permissionId, createdAt: now }));
  return store.insert(ApplicationPermissionEntity, rows, { ignoreConflicts: true });
}

export function deleteApplicationPermissions(
  store: Store,
  applicationId: string,
  permissionIds: readonly string[],
): Promise<number> {
  return store.delete(ApplicationPermissionEntity, { applicationId, permissionId: permissionIds });
}

export async function countApplicationPermissions(store: Store, applicationId: string): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(ApplicationPermissionEntity)} AS g
      WHERE ${store.column(ApplicationPermissionEntity, 'applicationId', 'g')} = ${applicationId}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}
