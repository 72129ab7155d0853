import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import type { Reach } from '#src/features/users/reach/reach';
import { UserEntity } from '#src/features/users/user.entity';
import { reachCondition } from '#src/features/users/reach/user-reach';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';

const holderSelection = columnsOf(UserRoleEntity, 'ur', ['roleId', 'userId']);
/** That a user holds a role. */
export type RoleHolderRow = RowOf<typeof holderSelection>;

export interface RoleHolderSlice {
  readonly roleIds: readonly string[];
  readonly reach: Reach | null;
  /** Only users whose id comes behind this one. */
  readonly after: string | null;
  readonly limit: number;
}

/** The first holders of each role within reach, in the order of their ids; one statement for all roles. */
export function findRoleHolders(store: Store, slice: RoleHolderSlice): Promise<RoleHolderRow[]> {
  const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  const { columns, kinds } = store.selection(holderSelection);
  const source = store.dialect.firstPerKey({
    keys: slice.roleIds,
    table: store.table(UserRoleEntity),
    alias: 'ur',
    parent: at('roleId'),
    id: at('userId'),
    where: sql.and([
      withinReach(store, slice.reach),
      slice.after === null ? null : sql`${at('userId')} > ${slice.after}`,
    ]),
    orderBy: at('userId'),
    limit: slice.limit,
  });
  // A user's id is no key of this table by itself: the role has to match as well.
  return store.query<RoleHolderRow>(
    sql`SELECT ${columns} FROM ${source} WHERE ${at('roleId')} = wanted.value ORDER BY ${at('userId')}`,
    kinds,
  );
}

export async function countRoleHolders(store: Store, roleId: string, reach: Reach | null): Promise<number> {
  const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(UserRoleEntity)} AS ur
      WHERE ${sql.and([sql`${at('roleId')} = ${roleId}`, withinReach(store, reach)])}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

function withinReach(store: Store, reach: Reach | null): Sql | null {
  const condition = reachCondition(store, reach);
  if (condition === null) return null;
  const id = store.column(UserEntity, 'id', 'u');
  return sql`EXISTS (SELECT 1 FROM ${store.table(UserEntity)} AS u
    WHERE ${id} = ${store.column(UserRoleEntity, 'userId', 'ur')} AND ${condition})`;
}
