import { PermissionEntity } from '#src/features/roles/permission.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { keysetPage } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { permissionSelection, type PermissionRow } from './permission.repository';

/** Which permissions a list holds. */
export interface PermissionFilter {
  readonly resourceServerId?: string | null;
  readonly name?: string | null;
}

function conditionOf(store: Store, { resourceServerId, name }: PermissionFilter): Sql {
  return sql.and([
    resourceServerId
      ? sql`${store.column(PermissionEntity, 'resourceServerId', 'p')} = ${resourceServerId}`
      : null,
    name ? sql`${store.column(PermissionEntity, 'name', 'p')} = ${name}` : null,
  ]);
}

/** One page of permissions, in the order of their names. */
export function findPermissionPage(
  store: Store,
  filter: PermissionFilter,
  page: PageArguments,
): Promise<Page<PermissionRow>> {
  const { columns, kinds } = store.selection(permissionSelection);
  const condition = conditionOf(store, filter);
  return keysetPage<PermissionRow>(
    store,
    {
      order: 'permissions:name',
      arguments: page,
      keys: [
        { column: store.column(PermissionEntity, 'name', 'p'), direction: 'asc', of: (row) => row.name },
        { column: store.column(PermissionEntity, 'id', 'p'), direction: 'asc', of: (row) => row.id },
      ],
    },
    ({ where, orderBy, limit }) =>
      store.query<PermissionRow>(
        sql`SELECT ${columns} FROM ${store.table(PermissionEntity)} AS p
          WHERE ${sql.and([condition, where])} ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}

export async function countPermissions(store: Store, filter: PermissionFilter): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(PermissionEntity)} AS p WHERE ${conditionOf(store, filter)}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export interface PermissionSlice {
  readonly resourceServerIds: readonly string[];
  readonly after: readonly [name: string, id: string] | null;
  readonly limit: number;
}

/** The first permissions of each resource server by name; one statement for all of them. */
export function findPermissionsOfServers(store: Store, slice: PermissionSlice): Promise<PermissionRow[]> {
  const at = (property: keyof PermissionEntity & string): Sql =>
    store.column(PermissionEntity, property, 'p');
  const { columns, kinds } = store.selection(permissionSelection);
  const order = sql`${at('name')}, ${at('id')}`;
  const source = store.dialect.firstPerKey({
    keys: slice.resourceServerIds,
    table: store.table(PermissionEntity),
    alias: 'p',
    parent: at('resourceServerId'),
    id: at('id'),
    where: sql.and([slice.after === null ? null : sql`(${order}) > (${slice.after[0]}, ${slice.after[1]})`]),
    orderBy: order,
    limit: slice.limit,
  });
  return store.query<PermissionRow>(sql`SELECT ${columns} FROM ${source} ORDER BY ${order}`, kinds);
}
