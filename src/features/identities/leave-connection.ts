import type { Call } from '#src/access/call';
import { GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { deleteIdentity, findIdentities, reposition, type IdentityRow } from './identity.repository';
import type { IdentityDependencies } from './link-identity';
import { swapPrimary } from './set-primary';
import type { UnlinkListener } from './unlink-identity';

/** What became of users. Who is gone already, or out of reach, counts as one who left. */
export interface Leaving {
  /** They had nothing else. */
  readonly deleted: number;
  /** Their other identities stay. */
  readonly left: number;
  /** None of their other identities can carry them. */
  readonly kept: number;
  /** The last one that this was done for: behind it nothing was. */
  readonly last: string;
}

export type LeavingParts = IdentityDependencies & { readonly unlinked: readonly UnlinkListener[] };

/** Users are deleted together in so many parts of a transaction: time is looked at between them. */
const partsOfAll = 4;
/** Fewer at a time would cost more statements than they save waiting. */
const fewest = 10;

/**
 * Takes everything of one connection from users, who are named in order: deletes those who come from nowhere else, many together, and the
 * identities there from others, one user after the other, which takes about ten times as long. Ends when the time is up, behind one user
 * at least. Writes no audit record: whoever deletes a connection has many users. Inside the transaction of `store`.
 */
export async function leaveConnection(
  parts: LeavingParts,
  store: Store,
  call: Call,
  {
    userIds,
    connection,
    isTimeUp,
  }: { readonly userIds: readonly string[]; readonly connection: string; readonly isTimeUp: () => boolean },
): Promise<Leaving> {
  const { users } = parts;
  const locked = new Set(await users.lockAllReachable(call, store, userIds));
  const identities = await findIdentities(store, userIds, ['userId', 'connection']);
  const atOnce = Math.max(fewest, Math.ceil(userIds.length / partsOfAll));
  const sums = { deleted: 0, left: 0, kept: 0 };
  let alone: string[] = [];
  let last = '';
  for (const [index, userId] of userIds.entries()) {
    if (last !== '' && isTimeUp()) break;
    if (!locked.has(userId)) sums.left += 1;
    else if (identities[index]?.every((identity) => identity.connection === connection) !== false)
      alone.push(userId);
    else if (await keepOthers(parts, store, call, { userId, connection })) sums.left += 1;
    else sums.kept += 1;
    last = userId;
    if (alone.length < atOnce) continue;
    await users.remove(call, store, alone);
    sums.deleted += alone.length;
    alone = [];
  }
  await users.remove(call, store, alone);
  return { ...sums, deleted: sums.deleted + alone.length, last };
}

/**
 * Leaves a user, who is locked, the identities of other connections. Where the primary identity goes, the first other one that can becomes
 * the primary one; where none can, nothing is changed, and false is answered.
 */
async function keepOthers(
  dependencies: LeavingParts,
  store: Store,
  call: Call,
  { userId, connection }: { readonly userId: string; readonly connection: string },
): Promise<boolean> {
  const { users } = dependencies;
  const user = await users.requireReachable(call, store, userId);
  const identities = await identitiesOf(store, userId);
  if (identities[0]?.connection === connection) {
    let isSwapped = false;
    for (const next of identities.filter((identity) => identity.connection !== connection)) {
      isSwapped = await canSwap(() => swapPrimary(dependencies, store, call, { user, identities, next }));
      if (isSwapped) break;
    }
    if (!isSwapped) return false;
  }
  for (const { id } of identities.filter((identity) => identity.connection === connection)) {
    for (const forget of dependencies.unlinked) await forget(store, id);
    await deleteIdentity(store, id);
  }
  await users.forgetIdentifiers(call, store, userId, connection);
  let position = 0;
  for (const { id } of await identitiesOf(store, userId)) await reposition(store, id, position++);
  return true;
}

async function identitiesOf(store: Store, userId: string): Promise<readonly IdentityRow[]> {
  return (await findIdentities(store, [userId]))[0] ?? [];
}

/** False where the identity cannot be the primary one; that is found out before anything is written. */
async function canSwap(swap: () => Promise<unknown>): Promise<boolean> {
  try {
    await swap();
    return true;
  } catch (error) {
    if (error instanceof GatehouseError && ['conflict', 'invalid'].includes(error.kind)) return false;
    throw error;
  }
}
