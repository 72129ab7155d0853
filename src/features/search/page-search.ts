import { onlyWith, selectionWith, type WantedColumns } from '#src/features/users/reach/fact-columns';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import type { KeysetPart } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { QueryOptions, Store } from '#src/storage/store';
import type { SearchTables } from './compile-predicate';
import { atMost, measureWays } from './measure-ways';
import type { SearchLimits } from './search.repository';
import { keysOf, keysOfMany, type WayIn } from './ways-in';

/** So many of the few users that an index holds in the order of the list are looked at before anything else. */
const mostAmong = 2000;
/** Before a way is taken whose first user costs as much as its last, so many users are looked at in the order of the list. */
const mostGlanced = 1000;
/** Of whom a caller reaches, the first are mostly among so many users in the order of the list. */
const mostNear = 1000;
/** So many ids are asked about what does not stand in the user's row. */
const mostAsked = 40_000;
/** Where neither a way nor the order leads quickly, a way to so many users is still better than all users. */
const mostProbed = 100_000;

/** A list that is searched, as SQL. */
export interface SearchedList {
  readonly tables: SearchTables;
  readonly ways: readonly WayIn[];
  /** Null: no condition. */
  readonly everything: Sql | null;
  /** A condition that all users of the list fulfil and that an index holds in the order of the list; null: there is none. */
  readonly among: Sql | null;
  /** Nothing is looked for: the conditions only say whom the caller reaches. */
  readonly isWhole: boolean;
  /** The order is the usual one, of which an index by id knows all. */
  readonly isByCreation: boolean;
}

/**
 * Reads pages of one list. No estimate of the database decides how: a condition may hold for one user or for most, and the wrong
 * guess reads a million rows. A way in is taken when it leads to few users, which its own statement finds out; otherwise the
 * order is walked through, which ends soon when many users match; and when few do after all, the narrowest way is taken.
 */
export class PageSearch {
  /** Known once a part of a page was read: the way, or null for the order. */
  private way: WayIn | null | undefined;

  constructor(
    private readonly store: Store,
    private readonly list: SearchedList,
    private readonly limits: SearchLimits,
    private readonly wanted: WantedColumns,
  ) {}

  async rows(part: KeysetPart): Promise<UserRow[]> {
    const { among } = this.list;
    if (among) {
      const found = await this.walk({ ...part, where: sql.and([part.where, among]) }, mostAmong);
      if (found.length === part.limit) return found;
    }
    if (this.way !== undefined) return this.way ? this.collect(part, this.way) : this.all(part);
    if (this.list.isWhole) {
      const near = await this.walk(part, mostNear);
      if (near.length === part.limit) return near;
    }
    const [first] = this.list.ways;
    if (!first) return this.walkOrAll(part);
    if (!first.isStreamed) {
      const glanced = await this.walk(part, mostGlanced);
      if (glanced.length === part.limit) return glanced;
    }
    const rows = await this.collect(part, first, this.limits.mostCollected);
    if (rows.length > 0) {
      this.way = first;
      return rows;
    }
    return this.withoutHaste(part);
  }

  /** The first way leads to nobody or to too many. */
  private async withoutHaste(part: KeysetPart): Promise<UserRow[]> {
    const { mostCollected } = this.limits;
    const counts = await this.counts(mostCollected);
    const narrow = this.list.ways.find((_, index) => (counts[index] ?? 0) <= mostCollected);
    if (narrow) {
      this.way = narrow;
      return narrow === this.list.ways[0] ? [] : this.collect(part, narrow);
    }
    const asked = await this.askIds(part);
    if (asked) return asked;
    const passed = await this.walk(part, this.limits.mostPassed);
    if (passed.length === part.limit) return passed;
    const large = await this.counts(mostProbed);
    const least = Math.min(...large);
    this.way = (least <= mostProbed && this.list.ways[large.indexOf(least)]) || null;
    return this.way ? this.collect(part, this.way) : this.all(part);
  }

  /**
   * Where part of the rest can be asked of ids, a way to some ten thousands is short: few of them are read. Null where there is no
   * such way; many users who match are found sooner in the order of the list.
   */
  private async askIds(part: KeysetPart): Promise<UserRow[] | null> {
    const ways = this.list.ways.filter(({ ofId, isStreamed }) => ofId !== null && isStreamed);
    if (ways.length === 0) return null;
    const glanced = await this.walk(part, mostGlanced);
    if (glanced.length === part.limit) return glanced;
    const counts = await this.counts(mostAsked, ways);
    const least = Math.min(...counts);
    const way = ways[counts.indexOf(least)];
    if (!way || least > mostAsked) return null;
    this.way = way;
    return this.collect(part, way);
  }

  private async walkOrAll(part: KeysetPart): Promise<UserRow[]> {
    if (this.list.everything) {
      const rows = await this.walk(part, this.limits.mostPassed);
      if (rows.length === part.limit) return rows;
    }
    return this.all(part);
  }

  /** All users of a way, sorted; with a limit, none when the way leads to more. */
  private collect({ where, orderBy, limit }: KeysetPart, way: WayIn, most?: number): Promise<UserRow[]> {
    const { ids, ofId, partner, rest } = way;
    // In the order of the ids, what is asked of one stands beside what was asked of the one before.
    const all = ofId === null || partner ? ids : sql`SELECT "key" FROM (${ids}) AS "all" ORDER BY "key"`;
    const found = most === undefined ? all : atMost(ids, most);
    const isNarrow = most === undefined ? null : sql`(SELECT COUNT(*) FROM "ids") <= ${most}`;
    const keys = most === undefined ? keysOfMany(way, this.limits.mostCollected) : keysOf(way, isNarrow);
    const { tables, isByCreation } = this.list;
    const users = sql`${tables.usersByKeys(keys)}
      WHERE ${sql.and([isNarrow, rest, where])} ORDER BY ${orderBy} LIMIT ${limit}`;
    // Where the index tells all that is asked, only the users of the page are read, of hundreds that lie far apart.
    const from =
      isByCreation && rest === null
        ? sql`${tables.usersByKeys(sql`SELECT ${tables.userId('u')} AS "key" FROM ${users}`)} ORDER BY ${orderBy}`
        : users;
    return this.select(
      (columns) => sql`WITH "ids" AS MATERIALIZED (${found}) SELECT ${columns} FROM ${from}`,
    );
  }

  /** The first users in order who match, looking at no more than `most` of them. */
  private walk({ where, orderBy, limit }: KeysetPart, most: number): Promise<UserRow[]> {
    const condition = this.list.everything ?? sql`TRUE`;
    // So few users take no time that could be too long, and limiting it costs as much as the list.
    const options = most <= mostNear ? {} : { timeoutMs: this.limits.timeoutMs };
    return this.select(
      (columns) => this.list.tables.walkUsers({ columns, from: where, orderBy, most, condition, limit }),
      options,
    );
  }

  /** In the way that the database thinks best. */
  private all({ where, orderBy, limit }: KeysetPart): Promise<UserRow[]> {
    const condition = sql.and([this.list.everything, where]);
    return this.select(
      (columns) =>
        sql`SELECT ${columns} FROM ${this.list.tables.users('u')} WHERE ${condition} ORDER BY ${orderBy} LIMIT ${limit}`,
    );
  }

  private select(
    statement: (columns: Sql) => Sql,
    options: QueryOptions = { timeoutMs: this.limits.timeoutMs },
  ): Promise<UserRow[]> {
    const selection = selectionWith(userColumns, this.wanted);
    const { columns, kinds } = this.store.selection(selection, onlyWith(this.wanted));
    return this.store.query<UserRow>(statement(columns), kinds, options);
  }

  private counts(most: number, ways: readonly WayIn[] = this.list.ways): Promise<number[]> {
    return measureWays(this.store, ways, most, this.limits.timeoutMs);
  }
}
