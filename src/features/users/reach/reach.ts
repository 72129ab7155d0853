import { LRUCache } from 'lru-cache';
import type { Call } from '#src/access/call';
import type { Principal } from '#src/access/principal';
import type { Policy } from '#src/access/policy';
import type { Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** A condition that the users whom a caller may know of fulfil; made by a later feature (`narrowReach`). */
export interface UserFilter {
  /** On a row of `users` under the alias `u`; every value is bound. */
  readonly condition: (store: Store) => Sql;
  /**
   * A statement for ids (`key`, which may repeat) among which all of these users are, where an index leads there; null: none does, or
   * nobody has said.
   */
  readonly keys?: (store: Store) => Sql | null;
}

/** The users that a caller may know of, besides itself. */
export interface Reach {
  /** Only members of this organization; null: of any and of none. */
  readonly organizationId: string | null;
  /** The caller. */
  readonly userId: string | null;
  /** Only users who fulfil this as well; null: no condition. */
  readonly filter: UserFilter | null;
}

/** Who asks, under which stored rules. */
export type ReachRequest = Pick<Call, 'principal' | 'policy'>;

export type FindFilter = (request: ReachRequest) => UserFilter | null;

let findFilter: FindFilter = () => null;
interface KnownReach {
  readonly policy: Policy;
  readonly reach: Reach | null;
}

let reaches = new WeakMap<Principal, KnownReach>();
/** By access class and user, so that callers who come again find what was composed for them. */
const filters = new LRUCache<string, { readonly policy: Policy; readonly filter: UserFilter }>({ max: 1000 });

/** Called by the feature that narrows what some callers reach, when it starts. */
export function narrowReach(find: FindFilter): void {
  findFilter = find;
  reaches = new WeakMap();
  filters.clear();
}

/** Null: no limit. The same object for the same principal under the same stored rules. */
export function reachOf(request: ReachRequest): Reach | null {
  const { principal, policy } = request;
  const known = reaches.get(principal);
  if (known?.policy === policy) return known.reach;
  const { organizationId, userId } = principal;
  const filter = filterOf(request);
  const reach = organizationId === null && filter === null ? null : { organizationId, userId, filter };
  reaches.set(principal, { policy, reach });
  return reach;
}

/** SECURITY: a filter of other stored rules is none of this caller's; what tells callers apart is in the key. */
function filterOf(request: ReachRequest): UserFilter | null {
  const { principal, policy } = request;
  const key = `${principal.accessClass} ${principal.userId ?? ''}`;
  const known = filters.get(key);
  if (known?.policy === policy) return known.filter;
  const filter = findFilter(request);
  if (filter !== null) filters.set(key, { policy, filter });
  return filter;
}
