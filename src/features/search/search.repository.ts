import type { Reach } from '#src/features/users/reach/reach';
import { reachCondition, reachParameters, reachText } from '#src/features/users/reach/user-reach';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import { UserEntity } from '#src/features/users/user.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { keysetPage, readPage, type KeysetPart, type OrderKey, type PageRead } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { compileIds, compilePredicate, type SearchTables } from './compile-predicate';
import type { Predicate } from './predicate';
import { driversOf, withoutDriver, type Driver } from './search-strategy';
import { searchTables } from './search-tables.repository';
import { isNullable, sortValue, type SortKey } from './user-sort';

/** Which users a list holds, in which order. */
export interface UserList {
  readonly predicate: Predicate;
  readonly sort: readonly SortKey[];
  /** Null: no limit. */
  readonly reach: Reach | null;
  readonly limits: SearchLimits;
}

export interface SearchLimits {
  /** Milliseconds after which a statement is cancelled inside the database. */
  readonly timeoutMs: number;
  /** Above this many users, walking through the order finds a page sooner than collecting and sorting them. */
  readonly mostCollected: number;
  /** A larger list is reported as having this many users: nobody needs the last digit, and counting reads every row. */
  readonly mostCounted: number;
}

/** One page of the list. The whole list in a simple order is a prepared statement; everything else is composed. */
export function findUserPage(store: Store, list: UserList, page: PageArguments): Promise<Page<UserRow>> {
  const order = `users:${list.sort.map(({ column, direction }) => `${column}:${direction}`).join(',')}`;
  if (list.predicate.kind === 'true' && list.sort.length <= 2) {
    const read = constantList(order, list);
    return readPage(store, read, { ...(list.reach && reachParameters(list.reach)) }, page);
  }
  const search = new PageSearch(store, list);
  const keys = list.sort.map((key) => orderKey(key, store.column(UserEntity, key.column, 'u')));
  return keysetPage<UserRow>(store, { order, keys, arguments: page }, (part) => search.rows(part));
}

/** How many users the list holds, counting no further than `mostCounted`. */
export async function countUsers(store: Store, list: UserList): Promise<number> {
  const tables = searchTables(store, list.reach?.organizationId ?? null);
  const asked = list.predicate.kind === 'true' ? null : compilePredicate(list.predicate, tables, 'collect');
  const condition = sql.and([asked, reachCondition(list.reach)]);
  const found = sql`SELECT 1 FROM ${tables.users('u')} WHERE ${condition} LIMIT ${list.limits.mostCounted}`;
  const [counted] = await store.query<Count>(
    countOf(found),
    { n: 'integer' },
    { timeoutMs: list.limits.timeoutMs },
  );
  return counted?.n ?? 0;
}

interface Count {
  readonly n: number;
}

function countOf(found: Sql): Sql {
  return sql`SELECT COUNT(*) AS "n" FROM (${found}) AS "found"`;
}

/**
 * Reads pages of one composed list. A condition on metadata, roles and the like may hold for one user or for most. It is
 * first taken as the way in, which ends at once when it holds for too many; only then the database is asked how many there are.
 */
class PageSearch {
  private readonly tables: SearchTables;
  private readonly drivers: readonly Driver[];
  /** How the rows are found, once it is known: by a driver, or null: in order. */
  private way: Driver | null | undefined;

  constructor(
    private readonly store: Store,
    private readonly list: UserList,
  ) {
    this.tables = searchTables(store, list.reach?.organizationId ?? null);
    this.drivers = driversOf(list.predicate);
    if (this.drivers.length === 0) this.way = null;
  }

  async rows(part: KeysetPart): Promise<UserRow[]> {
    if (this.way !== undefined) return this.select(part, this.way, false);
    const first = this.drivers[0] as Driver;
    const rows = await this.select(part, first, true);
    if (rows.length > 0) {
      this.way = first;
      return rows;
    }
    const counts = await this.countDrivers();
    const { mostCollected } = this.list.limits;
    const least = Math.min(...counts);
    this.way = least > mostCollected ? null : (this.drivers[counts.indexOf(least)] ?? null);
    const wasComplete = (counts[0] as number) <= mostCollected;
    return wasComplete ? [] : this.select(part, this.way, false);
  }

  private select(
    { where, orderBy, limit }: KeysetPart,
    way: Driver | null,
    isGuarded: boolean,
  ): Promise<UserRow[]> {
    const { predicate, reach, limits } = this.list;
    const { columns, kinds } = this.store.selection(userColumns);
    const ids = way && compileIds(way.tests, this.tables);
    const rest = way ? withoutDriver(predicate, way) : predicate;
    const condition = sql.and([
      ids && isGuarded ? sql`(${countOf(this.atMost(ids))}) <= ${limits.mostCollected}` : null,
      ids && sql`${this.tables.userId('u')} IN (${isGuarded ? this.atMost(ids) : ids})`,
      rest.kind === 'true' ? null : compilePredicate(rest, this.tables, 'lookUp'),
      reachCondition(reach),
      where,
    ]);
    return this.store.query<UserRow>(
      sql`SELECT ${columns} FROM ${this.tables.users('u')} WHERE ${condition} ORDER BY ${orderBy} LIMIT ${limit}`,
      kinds,
      { timeoutMs: limits.timeoutMs },
    );
  }

  private async countDrivers(): Promise<number[]> {
    const names = this.drivers.map((_, index) => `n${index}`);
    const counts = this.drivers.map(
      ({ tests }, index) =>
        sql`(${countOf(this.atMost(compileIds(tests, this.tables)))}) AS ${sql.raw(`"n${index}"`)}`,
    );
    const kinds = Object.fromEntries(names.map((name) => [name, 'integer' as const]));
    const statement = sql`SELECT ${sql.join(counts)}`;
    const [row] = await this.store.query<Record<string, number>>(statement, kinds, {
      timeoutMs: this.list.limits.timeoutMs,
    });
    return names.map((name) => row?.[name] ?? 0);
  }

  /** The limit is one of a few constants, and written out it is known when a statement is planned. */
  private atMost(ids: Sql): Sql {
    return sql`SELECT * FROM (${ids}) AS "ids" ${sql.raw(`LIMIT ${this.list.limits.mostCollected + 1}`)}`;
  }
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
