import { reachableOrganization } from '#src/features/organizations/effective-permissions/effective-permission.loader';
import { findHeldPairs } from '#src/features/organizations/effective-permissions/effective-permission.repository';
import { userById } from '#src/features/users/user.loader';
import { defineLoader } from '#src/graphql/request-loader';
import type { RequestContext } from '#src/graphql/request-context';
import { commonErrors } from '#src/shared/errors';

export interface PermissionPair {
  readonly resourceServerIdentifier: string;
  readonly permissionName: string;
}

export interface PermissionQuestion {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly pairs: readonly PermissionPair[];
}

/** How many pairs one request may ask for. */
export const maximumPairs = 100;

const asked = new WeakMap<RequestContext, number>();

/**
 * Which of the pairs are in force for a user, in the order of the question; null for a user out of reach. One statement for all checks
 * of a request in the same organization, whatever they ask.
 */
export async function checkPermissions(
  context: RequestContext,
  { userId, organizationId, pairs }: PermissionQuestion,
): Promise<readonly (PermissionPair & { readonly allowed: boolean })[] | null> {
  requireFew(context, pairs.length);
  const user = await context.load(userById).load(userId);
  if (!user) return null;
  const keys = pairs.map((pair) => keyOf(userId, reachableOrganization(context, organizationId), pair));
  const held = await context.load(heldPairs).loadAll(keys);
  return pairs.map((pair, index) => ({ ...pair, allowed: held[index] === true }));
}

/** SECURITY: amplification by aliases: the limit is one of the request, not of each place where the field stands. */
function requireFew(context: RequestContext, count: number): void {
  const current = (asked.get(context) ?? 0) + count;
  asked.set(context, current);
  if (count > 0 && current <= maximumPairs) return;
  const error = count === 0 ? commonErrors.BAD_USER_INPUT : commonErrors.LIMIT_EXCEEDED;
  throw error({
    message: `Ask for 1 to ${maximumPairs} pairs in one request.`,
    extensions: { field: 'pairs', limit: maximumPairs, current },
  });
}

type Key = readonly [organizationId: string | null, userId: string, identifier: string, name: string];

const keyOf = (userId: string, organizationId: string | null, pair: PermissionPair): string =>
  JSON.stringify([organizationId, userId, pair.resourceServerIdentifier, pair.permissionName] satisfies Key);

const heldPairs = defineLoader<string, boolean>('held-permission-pairs', async (keys, context) => {
  const parsed = keys.map((key) => JSON.parse(key) as Key);
  const held = new Set<string>();
  for (const organizationId of new Set(parsed.map(([organization]) => organization))) {
    const here = parsed.filter(([organization]) => organization === organizationId);
    const rows = await findHeldPairs(context.store, {
      organizationId,
      userIds: [...new Set(here.map(([, userId]) => userId))],
      identifiers: [...new Set(here.map(([, , identifier]) => identifier))],
      names: [...new Set(here.map(([, , , name]) => name))],
    });
    for (const { userId, identifier, name } of rows)
      held.add(JSON.stringify([organizationId, userId, identifier, name] satisfies Key));
  }
  return keys.map((key) => held.has(key));
});
