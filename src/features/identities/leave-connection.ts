import type { Call } from '#src/access/call';
import { GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { deleteIdentity, findIdentities, reposition, type IdentityRow } from './identity.repository';
import type { IdentityDependencies } from './link-identity';
import { swapPrimary } from './set-primary';
import type { UnlinkListener } from './unlink-identity';

/** DELETED: the user had nothing else; LEFT: its other identities stay; KEPT: none of them can carry the user. */
export type Leaving = 'DELETED' | 'LEFT' | 'KEPT';

/**
 * Takes everything of one connection from a user: deletes one who comes from nowhere else, and its identities there from others. Where the
 * primary identity goes, the first other one that can becomes the primary one; where none can, nothing is changed. Writes no audit record:
 * whoever deletes a connection has many users. Inside the transaction of `store`.
 */
export async function leaveConnection(
  dependencies: IdentityDependencies & { readonly unlinked: readonly UnlinkListener[] },
  store: Store,
  call: Call,
  { userId, connection }: { readonly userId: string; readonly connection: string },
): Promise<Leaving> {
  const { users } = dependencies;
  const user = await users.lockReachable(call, store, userId);
  if (user === null) return 'LEFT';
  const identities = await identitiesOf(store, userId);
  const staying = identities.filter((identity) => identity.connection !== connection);
  if (staying.length === 0) {
    await users.remove(call, store, user);
    return 'DELETED';
  }
  if (identities[0]?.connection === connection) {
    let isSwapped = false;
    for (const next of staying) {
      isSwapped = await canSwap(() => swapPrimary(dependencies, store, call, { user, identities, next }));
      if (isSwapped) break;
    }
    if (!isSwapped) return 'KEPT';
  }
  for (const { id } of identities.filter((identity) => identity.connection === connection)) {
    for (const forget of dependencies.unlinked) await forget(store, id);
    await deleteIdentity(store, id);
  }
  await users.forgetIdentifiers(call, store, userId, connection);
  let position = 0;
  for (const { id } of await identitiesOf(store, userId)) await reposition(store, id, position++);
  return 'LEFT';
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
