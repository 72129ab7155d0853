import type { Call } from '#src/access/call';
import { blacklistReach } from '#src/access/blacklist';
import { segmentsOf } from '#src/access/attribute-path';
import { decide } from '#src/access/decide';
import { reachOf } from '#src/features/users/reach/reach';
import type { UserRow } from '#src/features/users/user-row';
import { commonErrors, GatehouseError } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';
import { explainQuery, type QueryExplanation } from './explain-query';
import { filterTree } from './filter-tree';
import { parseQuery } from '#src/features/search/lucene/parse';
import { allOf, everything, type Predicate } from './predicate';
import { planSearch, type SearchRights } from './search-plan';
import { filterRefusals, queryRefusals } from './search-refusals';
import { countUsers, findUserPage, type SearchLimits, type UserList } from './search.repository';
import { readSort, sortedAttributes, type SortInput } from './user-sort';

/** What a caller asks of the list of users; `q` and `filter` must both match. */
export interface UserSearch extends PageArguments {
  readonly q?: string | null;
  readonly filter?: object | null;
  readonly sort?: readonly SortInput[] | null;
}

export interface UserSearchResult {
  readonly page: Page<UserRow>;
  /** How many users match in all, at most the limit. */
  readonly count: () => Promise<number>;
}

export const searchLimits: SearchLimits = { timeoutMs: 2000, mostCollected: 4000, mostCounted: 10_000_000 };

/** Search of users: parse, plan under the caller's rights, compile, run. */
export class SearchService {
  constructor(private readonly limits: SearchLimits = searchLimits) {}

  async users(call: Call, search: UserSearch): Promise<UserSearchResult> {
    refuseSort(call, search.sort);
    const list: UserList = {
      predicate: plan(rightsOf(call), search),
      sort: readSort(search.sort),
      reach: reachOf(call.principal),
      limits: this.limits,
    };
    return {
      page: await findUserPage(call.store, list, search),
      count: () => countUsers(call.store, list),
    };
  }

  /** What a query means to this caller, without running it; refuses what the search would refuse. */
  explain(call: Call, query: string): QueryExplanation {
    return explainQuery(query, rightsOf(call));
  }
}

function plan(rights: SearchRights, { q, filter }: UserSearch): Predicate {
  if (filter === null || filter === undefined) {
    return q ? planSearch(parseQuery(q), rights, queryRefusals) : everything;
  }
  return allOf([
    planSearch(parseQuery(q ?? ''), rights, queryRefusals),
    planSearch(filterTree(filter), rights, filterRefusals),
  ]);
}

/**
 * Everything but a plain yes is a no: who sees an attribute masked, or of some users only, may not search by it. A name that cannot
 * be an attribute path is ruled by nothing, and therefore closed.
 */
function rightsOf(call: Call): SearchRights {
  return {
    mayFilter: (attribute) => isPathWith(() => decide(call, 'FILTER', attribute) === 'ALLOW'),
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
