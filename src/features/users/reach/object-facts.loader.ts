import type { Call } from '#src/access/call';
import type { ObjectFacts } from '#src/access/decide';
import { findFacts, type FactRow } from './object-facts.repository';
import { defineLoader } from '#src/graphql/request-loader';
import type { Store } from '#src/storage/store';

/** Whose data a user's attributes are: asked only when a stored rule looks at connections or organizations. */
export const objectFactsByUser = defineLoader<string, ObjectFacts>(
  'object-facts-by-user',
  async (ids, context) => groupFacts(ids, await findFacts(context.store, ids)),
);

/** The facts of one user for the write gate; costs no statement while nothing stored could ask for them. */
export async function objectFactsOf(call: Call, store: Store, userId: string): Promise<ObjectFacts> {
  const { rules, blacklist } = call.policy;
  if (rules.length === 0 && blacklist.length === 0)
    return { ownerId: userId, connections: [], organizations: [] };
  return groupFacts([userId], await findFacts(store, [userId]))[0] as ObjectFacts;
}

/** The same of many users, in one statement. */
export async function objectFactsOfAll(
  call: Call,
  store: Store,
  userIds: readonly string[],
): Promise<ObjectFacts[]> {
  const { rules, blacklist } = call.policy;
  const isAsked = userIds.length > 0 && rules.length + blacklist.length > 0;
  return groupFacts(userIds, isAsked ? await findFacts(store, userIds) : []);
}

function groupFacts(ids: readonly string[], rows: readonly FactRow[]): ObjectFacts[] {
  const groups = new Map(ids.map((id) => [id, newGroup()]));
  for (const row of rows) groups.get(row.userId)?.[row.kind].push(row.value);
  return ids.map((ownerId) => {
    const { connection, strategy, organization } = groups.get(ownerId) ?? newGroup();
    return { ownerId, connections: connection, strategies: strategy, organizations: organization };
  });
}

const newGroup = (): Record<FactRow['kind'], string[]> => ({
  connection: [],
  strategy: [],
  organization: [],
});
