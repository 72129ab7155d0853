import type { Reach } from '#src/features/users/reach';
import { reachCondition, reachParameters, reachText } from '#src/features/users/user-reach';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import { UserEntity } from '#src/features/users/user.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { keysetPage, readPage, type OrderKey, type PageRead } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { compilePredicate } from './compile-predicate';
import type { Predicate } from './predicate';
import { searchTables } from './search-tables.repository';
import { isNullable, sortValue, type SortKey } from './user-sort';

/** Which users a list holds, in which order. */
export interface UserList {
  readonly predicate: Predicate;
  readonly sort: readonly SortKey[];
  /** Null: no limit. */
  readonly reach: Reach | null;
  /** Milliseconds after which a statement is cancelled inside the database. */
  readonly timeoutMs: number;
}

/** One page of the list. The whole list in a simple order is a prepared statement; everything else is composed. */
export function findUserPage(store: Store, list: UserList, page: PageArguments): Promise<Page<UserRow>> {
  const order = `users:${list.sort.map(({ column, direction }) => `${column}:${direction}`).join(',')}`;
  if (list.predicate.kind === 'true' && list.sort.length <= 2) {
    const read = constantList(order, list);
    return readPage(store, read, { ...(list.reach && reachParameters(list.reach)) }, page);
  }
  const { columns, kinds } = store.selection(userColumns);
  const condition = conditionOf(store, list);
  const keys = list.sort.map((key) => orderKey(key, store.column(UserEntity, key.column, 'u')));
  return keysetPage<UserRow>(store, { order, keys, arguments: page }, ({ where, orderBy, limit }) =>
    store.query<UserRow>(
      sql`SELECT ${columns} FROM ${users(store)} WHERE ${sql.and([condition, where])} ORDER BY ${orderBy} LIMIT ${limit}`,
      kinds,
      { timeoutMs: list.timeoutMs },
    ),
  );
}

/** How many users the list holds, counting no further than `most`. */
export async function countUsers(store: Store, list: UserList, most: number): Promise<number> {
  const found = sql`SELECT 1 FROM ${users(store)} WHERE ${conditionOf(store, list)} LIMIT ${most}`;
  const statement = sql`SELECT COUNT(*) AS "n" FROM (${found}) AS "found"`;
  const [row] = await store.query<{ n: number }>(statement, { n: 'integer' }, { timeoutMs: list.timeoutMs });
  return row?.n ?? 0;
}

function conditionOf(store: Store, { predicate, reach }: UserList): Sql {
  const tables = searchTables(store, reach?.organizationId ?? null);
  const asked = predicate.kind === 'true' ? null : compilePredicate(predicate, tables);
  return sql.and([asked, reachCondition(reach)]);
}

function users(store: Store): Sql {
  return sql`${store.table(UserEntity)} ${sql.raw('"u"')}`;
}

function orderKey<Column>({ column, direction }: SortKey, at: Column): OrderKey<UserRow, Column> {
  return { column: at, direction, nullable: isNullable(column), of: (row) => sortValue(column, row) };
}

type ConstantList = PageRead<Record<string, unknown>, UserRow>;

/** One for each sort field, direction and kind of reach. */
const constantLists = new Map<string, ConstantList>();

function constantList(order: string, { sort, reach }: UserList): ConstantList {
  const name = reach ? `${order}:within-reach` : order;
  let list = constantLists.get(name);
  if (!list) {
    list = {
      name,
      order,
      select: userColumns,
      keys: sort.map((key) => orderKey(key, `u.${key.column}`)),
      build: (builder) => {
        const all = builder.from(UserEntity, 'u');
        return reach ? all.where(reachText) : all;
      },
    };
    constantLists.set(name, list);
  }
  return list;
}
