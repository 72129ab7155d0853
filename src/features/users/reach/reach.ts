import type { Principal } from '#src/access/principal';

/** The users that a caller bound to an organization may know of: its members, and the caller. */
export interface Reach {
  readonly organizationId: string;
  readonly userId: string | null;
}

/** Null: no limit. */
export function reachOf(principal: Principal): Reach | null {
  const { organizationId, userId } = principal;
  return organizationId === null ? null : { organizationId, userId };
}
