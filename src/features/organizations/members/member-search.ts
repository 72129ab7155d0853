import type { Call } from '#src/access/call';
import type { Reach, UserFilter } from '#src/features/users/reach/reach';
import { sql } from '#src/storage/sql';

/** How lists of members are narrowed by a query; the feature that knows the language says it when it starts. */
export interface MemberSearch {
  filterBy: (call: Call, query: string) => UserFilter;
}

export function createMemberSearch(): MemberSearch {
  return {
    filterBy: () => {
      throw new TypeError('No feature has said how members are searched.');
    },
  };
}

/** The reach with one more condition. */
export function narrowed(reach: Reach | null, filter: UserFilter | null): Reach | null {
  if (filter === null) return reach;
  if (reach === null) return { organizationId: null, userId: null, filter };
  const known = reach.filter;
  return { ...reach, filter: known === null ? filter : both(known, filter) };
}

function both(first: UserFilter, second: UserFilter): UserFilter {
  return { condition: (store) => sql.and([first.condition(store), second.condition(store)]) };
}
