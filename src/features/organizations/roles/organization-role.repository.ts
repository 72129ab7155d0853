import { RoleEntity } from '#src/features/roles/role.entity';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';

const ownRoleSelection = columnsOf(RoleEntity, 'r', [
  'id',
  'name',
  'description',
  'type',
  'organizationId',
  'applicationId',
  'createdAt',
  'updatedAt',
]);
export type OwnRoleRow = RowOf<typeof ownRoleSelection>;

export interface OwnRoleSlice {
  readonly organizationIds: readonly string[];
  readonly after: readonly [nameFolded: string, id: string] | null;
  readonly limit: number;
}

/** The first roles of each organization by name; one statement for all. */
export function findOwnRolePages(store: Store, slice: OwnRoleSlice): Promise<OwnRoleRow[]> {
  const at = (property: keyof RoleEntity & string): Sql => store.column(RoleEntity, property, 'r');
  const { columns, kinds } = store.selection(ownRoleSelection);
  const order = sql`${at('nameFolded')}, ${at('id')}`;
  const source = store.dialect.firstPerKey({
    keys: slice.organizationIds,
    table: store.table(RoleEntity),
    alias: 'r',
    parent: at('organizationId'),
    id: at('id'),
    where: sql.and([slice.after === null ? null : sql`(${order}) > (${slice.after[0]}, ${slice.after[1]})`]),
    orderBy: order,
    limit: slice.limit,
  });
  return store.query<OwnRoleRow>(sql`SELECT ${columns} FROM ${source} ORDER BY ${order}`, kinds);
}

export async function countOwnRoles(store: Store, organizationId: string): Promise<number> {
  const of = store.column(RoleEntity, 'organizationId', 'r');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(RoleEntity)} AS r WHERE ${of} = ${organizationId}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}
