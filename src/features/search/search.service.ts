import type { Call } from '#src/access/call';
import { blacklistReach } from '#src/access/blacklist';
import { segmentsOf } from '#src/access/attribute-path';
import { decide } from '#src/access/decide';
import { everyColumn, type WantedColumns } from '#src/features/users/reach/fact-columns';
import { reachOf, type UserFilter } from '#src/features/users/reach/reach';
import { mayFilterMember } from '#src/features/users/profile/readable-attributes';
import type { UserRow } from '#src/features/users/user-row';
import { commonErrors, GatehouseError } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';
import { explainQuery, type QueryExplanation } from './explain-query';
import { splitReach, userFilter } from './filter-of-reach';
import { filterTree } from './filter-tree';
import { parseQuery } from '#src/features/search/lucene/parse';
import { allOf, everything, type Predicate } from './predicate';
import type { SearchAllowance } from './search-allowance';
import { planSearch, type SearchRights } from './search-plan';
import { filterRefusals, queryRefusals } from './search-refusals';
import {
  countUsers,
  findUserPage,
  findUserWindow,
  type SearchLimits,
  type UserCount,
  type UserList,
} from './search.repository';
import { readSort, readSortText, sortedAttributes, type SortInput, type SortKey } from './user-sort';

/** What a caller asks of the list of users; `q` and `filter` must both match. */
export interface UserSearch extends PageArguments {
  readonly q?: string | null;
  readonly filter?: object | null;
  readonly sort?: readonly SortInput[] | null;
}

export interface UserSearchResult {
  readonly page: Page<UserRow>;
  /** How many users match in all, counted once and no further than the limit. */
  readonly count: () => Promise<UserCount>;
}

/** A list that is cut by page numbers, for those who come from an interface that does. */
export interface NumberedSearch {
  readonly q?: string | null;
  readonly filter?: object | null;
  /** `created_at:-1`, several separated by commas. */
  readonly sort?: string | null;
  /** From zero. */
  readonly page: number;
  readonly perPage: number;
  readonly includeTotals: boolean;
}

export interface NumberedPage {
  readonly start: number;
  readonly limit: number;
  readonly length: number;
  readonly total: number | null;
  readonly totalIsCapped: boolean | null;
  readonly users: readonly UserRow[];
}

export const searchLimits: SearchLimits = {
  timeoutMs: 2000,
  mostCollected: 4000,
  mostPassed: 10_000,
  mostCounted: 10_000,
};

/** Search of users: parse, plan under the caller's rights, compile, run. */
export class SearchService {
  constructor(
    private readonly limits: SearchLimits = searchLimits,
    private readonly allowance: SearchAllowance | null = null,
  ) {}

  /** Counts a search that a caller waits for; RATE_LIMITED when there were too many. A list without conditions is none. */
  admit(call: Call, { q, filter }: Pick<UserSearch, 'q' | 'filter'>): void {
    if (q || filter) this.allowance?.take(call);
  }

  /** `wanted`: the columns that anybody will look at, if not all. */
  async users(
    call: Call,
    search: UserSearch,
    wanted: WantedColumns = everyColumn,
  ): Promise<UserSearchResult> {
    refuseSort(call, search.sort);
    const list = this.list(call, search, readSort(search.sort, maySort(call)));
    let counting: Promise<UserCount> | undefined;
    return {
      page: await findUserPage(call.store, list, search, wanted),
      count: () => (counting ??= countUsers(call.store, list)),
    };
  }

  /** A page by its number, within the first thousand users of the list. */
  async numbered(
    call: Call,
    search: NumberedSearch,
    wanted: WantedColumns = everyColumn,
  ): Promise<NumberedPage> {
    const start = checkWindow(search);
    const { perPage: limit, includeTotals } = search;
    const sort = readSortText(search.sort, maySort(call));
    const list = this.list(call, search, readSort(sort, maySort(call)));
    const users = await findUserWindow(call.store, list, { start, length: limit }, wanted);
    const count = includeTotals ? await countUsers(call.store, list) : null;
    return {
      start,
      limit,
      length: users.length,
      total: count?.total ?? null,
      totalIsCapped: count?.isCapped ?? null,
      users,
    };
  }

  private list(call: Call, search: Pick<UserSearch, 'q' | 'filter'>, sort: readonly SortKey[]): UserList {
    // SECURITY: what narrows the caller is joined to the tree of conditions, never to the text of a query.
    const reach = reachOf(call);
    const { predicate, rest } = splitReach(reach);
    const asked = plan(rightsOf(call), search);
    return {
      whole:
        asked.kind === 'true' && predicate.kind !== 'true' && rest === null ? (reach?.filter ?? null) : null,
      predicate: allOf([asked, predicate]),
      sort,
      reach: rest,
      limits: this.limits,
    };
  }

  /** The users that a query finds, for lists of something that users have. */
  filterBy(call: Call, query: string): UserFilter {
    this.admit(call, { q: query });
    return userFilter(plan(rightsOf(call), { q: query }), call.principal.organizationId);
  }

  /** What a query means to this caller, without running it; refuses what the search would refuse. */
  explain(call: Call, query: string): QueryExplanation {
    return explainQuery(query, rightsOf(call));
  }
}

function maySort(call: Call): (attribute: string) => boolean {
  return (attribute) => decide(call, 'SORT', attribute) === 'ALLOW';
}

/** Users that a list cut by page numbers reaches; cursors go further. */
const longestWindow = 1000;
const largestPage = 100;

function checkWindow({ page, perPage }: NumberedSearch): number {
  const refuse = (argument: string, message: string, limit: number): never => {
    throw commonErrors.INVALID_PAGING({ message, extensions: { argument, limit } });
  };
  if (page < 0) refuse('page', 'Pages are numbered from 0.', 0);
  if (perPage < 1 || perPage > largestPage)
    refuse('perPage', `"perPage" must be from 1 to ${largestPage}.`, largestPage);
  if ((page + 1) * perPage > longestWindow)
    refuse(
      'page',
      `Page numbers reach the first ${longestWindow} users. Use cursors to go further.`,
      longestWindow,
    );
  return page * perPage;
}

function plan(rights: SearchRights, { q, filter }: Pick<UserSearch, 'q' | 'filter'>): Predicate {
  if (filter === null || filter === undefined) {
    return q ? planSearch(parseQuery(q), rights, queryRefusals) : everything;
  }
  return allOf([
    planSearch(parseQuery(q ?? ''), rights, queryRefusals),
    planSearch(filterTree(filter), rights, filterRefusals),
  ]);
}

const profileDataPath = ['identities', 'profile_data'];

/**
 * Everything but a plain yes is a no: who sees an attribute masked, or of some users only, may not search by it. A name that cannot
 * be an attribute path is ruled by nothing, and therefore closed.
 */
function rightsOf(call: Call): SearchRights {
  // The same for all clauses of a query that name the attribute.
  const known = new Map<string, boolean>();
  return {
    mayFilter(attribute) {
      const answer = known.get(attribute) ?? isPathWith(() => decide(call, 'FILTER', attribute) === 'ALLOW');
      known.set(attribute, answer);
      return answer;
    },
    mayFilterProfileData: (keys) => mayFilterMember(call, profileDataPath, keys),
    isBlacklisted: (name) =>
      call.policy.blacklist.length > 0 &&
      isPathWith(() => blacklistReach(call.policy, 'FILTER', segmentsOf(name), undefined) !== 'no'),
  };
}

function isPathWith(holds: () => boolean): boolean {
  try {
    return holds();
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'BAD_USER_INPUT') return false;
    throw error;
  }
}

/** SECURITY: an order reveals the values it is made by, so a sort needs the same rights as a filter. */
function refuseSort(call: Call, sort: readonly SortInput[] | null | undefined): void {
  for (const attribute of sortedAttributes(sort)) {
    if (decide(call, 'SORT', attribute) === 'ALLOW') continue;
    throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { field: 'sort' } });
  }
}
