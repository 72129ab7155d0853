import { onlyWith, readWith, type WantedColumns } from '#src/features/users/reach/fact-columns';
import type { Reach, UserFilter } from '#src/features/users/reach/reach';
import { reachCondition } from '#src/features/users/reach/user-reach';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import { UserEntity } from '#src/features/users/user.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { keysetPage, readPage, type OrderKey, type PageRead } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { compilePredicate, type SearchTables } from './compile-predicate';
import { PageSearch } from './page-search';
import { measureWays } from './measure-ways';
import type { Predicate } from './predicate';
import { searchTables } from './search-tables.repository';
import { isAmongBlocked } from './search-strategy';
import { isNullable, sortValue, type SortKey } from './user-sort';
import { keysOfMany, waysIn, type WayIn } from './ways-in';

/** Which users a list holds, in which order. */
export interface UserList {
  readonly predicate: Predicate;
  readonly sort: readonly SortKey[];
  /** Null: no limit. */
  readonly reach: Reach | null;
  readonly limits: SearchLimits;
  /** The filter of the caller’s reach, where the caller looks for nobody in particular and the predicate is that filter. */
  readonly whole?: UserFilter | null;
}

export interface SearchLimits {
  /** Milliseconds after which a statement is cancelled inside the database. */
  readonly timeoutMs: number;
  /** Above this many users, walking through the order finds a page sooner than collecting and sorting them. */
  readonly mostCollected: number;
  /** So many users are passed in the order of the list before the ways in are measured again. */
  readonly mostPassed: number;
  /** A longer list is reported as having this many users: nobody needs the last digit, and counting reads every row. */
  readonly mostCounted: number;
}

export interface UserCount {
  readonly total: number;
  /** Whether there are more than `total`. */
  readonly isCapped: boolean;
}

/** One page of the list. The whole list in a simple order is a prepared statement; everything else is composed. */
export function findUserPage(
  store: Store,
  list: UserList,
  page: PageArguments,
  asked: WantedColumns,
): Promise<Page<UserRow>> {
  const wanted = withOrder(list, asked);
  const order = `users:${list.sort.map(({ column, direction }) => `${column}:${direction}`).join(',')}`;
  if (list.predicate.kind === 'true' && list.sort.length <= 2 && list.reach === null)
    return readPage(store, readWith(constantList(order, list), wanted), {}, page, onlyWith(wanted));
  const search = pageSearch(store, list, wanted);
  return keysetPage<UserRow>(store, { order, keys: orderKeys(store, list), arguments: page }, (part) =>
    search.rows(part),
  );
}

/** With what places a row in the order: all columns, unless it is the usual one. */
function withOrder({ sort }: UserList, asked: WantedColumns): WantedColumns {
  const { only, facts } = asked;
  if (only === undefined) return asked;
  const missing = sort.map(({ column }) => column).filter((column) => !only.includes(column));
  if (missing.length === 0) return asked;
  return {
    only: missing.every((column) => column === 'createdAt') ? [...only, 'createdAt'] : undefined,
    facts,
  };
}

/** The rows from `start` on, at most `length`, and whether more follow; for lists that are cut by numbers. */
export async function findUserWindow(
  store: Store,
  list: UserList,
  window: { readonly start: number; readonly length: number },
  wanted: WantedColumns,
): Promise<readonly UserRow[]> {
  const orderBy = sql.join(
    orderKeys(store, list).map(
      ({ column, direction, nullable }) =>
        sql`${column}${sql.raw(store.dialect.order('', direction, nullable === true))}`,
    ),
  );
  const end = window.start + window.length;
  const rows = await pageSearch(store, list, wanted).rows({ where: sql`TRUE`, orderBy, limit: end });
  return rows.slice(window.start, end);
}

function pageSearch(store: Store, list: UserList, wanted: WantedColumns): PageSearch {
  const made = compiled(store, list);
  const { tables, everything } = made;
  const byCreation = isByCreation(list.sort);
  const among = byCreation && isAmongBlocked(list.predicate) ? tables.userColumn('blocked', 'u') : null;
  return new PageSearch(
    store,
    {
      ...{ tables, everything, among },
      ...{ isWhole: (list.whole ?? null) !== null, isByCreation: byCreation },
      get ways() {
        return made.ways;
      },
    },
    list.limits,
    wanted,
  );
}

function isByCreation(sort: readonly SortKey[]): boolean {
  const [first, second] = sort;
  return first?.column === 'createdAt' && second?.column === 'id' && first.direction === second.direction;
}

interface Compiled {
  readonly tables: SearchTables;
  /** Composed when they are asked for: the first page of whom a caller reaches needs none. */
  readonly ways: readonly WayIn[];
  /** Every condition, for looking at one user after the other; null: no condition. */
  readonly everything: Sql | null;
}

function compiled(store: Store, { predicate, reach, whole = null }: UserList): Compiled {
  const tables = searchTables(store, reach?.organizationId ?? null);
  // SECURITY: the reach is asked about every user, whichever way leads there.
  const within = reachCondition(store, reach);
  const both = (condition: Sql | null): Sql | null =>
    condition && within ? sql.and([condition, within]) : (condition ?? within);
  let ways: readonly WayIn[] | undefined;
  return {
    tables,
    get ways() {
      return (ways ??= waysIn(predicate, reach, tables).map((way) => ({ ...way, rest: both(way.rest) })));
    },
    everything: both(
      whole?.condition(store) ?? (predicate.kind === 'true' ? null : compilePredicate(predicate, tables)),
    ),
  };
}

/** Ids that are read for a count, which may come several times, for each user that is counted at most. */
const idsPerUser = 3;

/** How many users the list holds, counting no further than `mostCounted`. */
export async function countUsers(store: Store, list: UserList): Promise<UserCount> {
  const { tables, ways, everything } = compiled(store, list);
  const { mostCounted, timeoutMs } = list.limits;
  const most = mostCounted * idsPerUser;
  const way = await shortest(store, ways, most, timeoutMs);
  const ask = async (statement: Sql): Promise<Count> => {
    const [found] = await store.query<Count>(statement, { read: 'integer', n: 'integer' }, { timeoutMs });
    return found ?? { read: 0, n: 0 };
  };
  if (way) {
    const { read, n } = await ask(countByKeys(tables, way, most, list.limits));
    if (read < most || n > mostCounted) return capped(n, mostCounted);
  }
  const passed = sql`SELECT 1 FROM ${tables.users('u')} WHERE ${everything ?? sql`TRUE`} LIMIT ${mostCounted + 1}`;
  const { n } = await ask(sql`SELECT 0 AS "read", COUNT(*) AS "n" FROM (${passed}) AS "passed"`);
  return capped(n, mostCounted);
}

/** The way that leads to the fewest; of several that lead to too many, the most promising. */
async function shortest(
  store: Store,
  ways: readonly WayIn[],
  most: number,
  timeoutMs: number,
): Promise<WayIn | undefined> {
  if (ways.length < 2) return ways[0];
  const counts = await measureWays(store, ways, most, timeoutMs);
  return ways[counts.indexOf(Math.min(...counts))];
}

interface Count {
  readonly read: number;
  readonly n: number;
}

function countByKeys(tables: SearchTables, way: WayIn, most: number, limits: SearchLimits): Sql {
  const { ids, rest } = way;
  const { mostCollected, mostCounted } = limits;
  const wanted = keysOfMany(way, mostCollected);
  const keys = sql`WITH "ids" AS MATERIALIZED (SELECT "key" FROM (${ids}) AS "all" LIMIT ${most})`;
  const read = sql`(SELECT COUNT(*) FROM "ids") AS "read"`;
  if (!rest) return sql`${keys} SELECT ${read}, COUNT(DISTINCT "key") AS "n" FROM (${wanted}) AS "wanted"`;
  const rows = tables.usersByKeys(wanted);
  const matching = sql`SELECT 1 FROM ${rows} WHERE ${rest} LIMIT ${mostCounted + 1}`;
  return sql`${keys} SELECT ${read}, (SELECT COUNT(*) FROM (${matching}) AS "matching") AS "n"`;
}

function capped(n: number, mostCounted: number): UserCount {
  return { total: Math.min(n, mostCounted), isCapped: n > mostCounted };
}

function orderKeys(store: Store, { sort }: UserList): OrderKey<UserRow, Sql>[] {
  return sort.map((key) => orderKey(key, store.column(UserEntity, key.column, 'u')));
}

function orderKey<Column>({ column, direction }: SortKey, at: Column): OrderKey<UserRow, Column> {
  return { column: at, direction, nullable: isNullable(column), of: (row) => sortValue(column, row) };
}

type ConstantList = PageRead<object, UserRow>;

/** One for each sort field and direction. */
const constantLists = new Map<string, ConstantList>();

function constantList(order: string, { sort }: UserList): ConstantList {
  const known = constantLists.get(order);
  if (known) return known;
  const list: ConstantList = {
    name: order,
    order,
    select: userColumns,
    keys: sort.map((key) => orderKey(key, `u.${key.column}`)),
    build: (builder) => builder.from(UserEntity, 'u'),
  };
  constantLists.set(order, list);
  return list;
}
