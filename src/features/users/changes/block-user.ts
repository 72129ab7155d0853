import type { Call } from '#src/access/call';
import { assertWritable } from '#src/access/write-gate';
import type { UserDependencies } from './create-user';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { requireReachable } from '#src/features/users/reach/require-user';
import type { UserRow } from '#src/features/users/user-row';
import { raiseCredentialEpoch, updateBlocked } from '#src/features/users/user.repository';
import type { Store } from '#src/storage/store';

/** Blocks or unblocks a user; blocking ends the user's sessions at once. Nothing changes when it is so already. */
export async function setBlocked(
  dependencies: UserDependencies,
  call: Call,
  id: string,
  blocked: boolean,
): Promise<void> {
  await call.store.transaction(async (store) => {
    const user = await requireReachable(call, store, id);
    assertWritable(call, ['blocked'], await objectFactsOf(call, store, id));
    await dependencies.hooks.standing?.(call, store, id, 'CHANGE');
    await changeBlocked(dependencies, store, call, user, blocked);
  });
  dependencies.hooks.committed.forEach((listener) => listener(id));
}

/** The same inside a transaction, for a user that is locked and may be written. */
export async function changeBlocked(
  { audit, hooks }: UserDependencies,
  store: Store,
  call: Call,
  user: Pick<UserRow, 'id' | 'blocked' | 'version'>,
  blocked: boolean,
): Promise<void> {
  if (user.blocked === blocked) return;
  const { id } = user;
  await updateBlocked(store, id, blocked, user.version + 1, call.clock.now());
  if (blocked) {
    await raiseCredentialEpoch(store, id);
    for (const listener of hooks.signedOut) await listener(store, call, id);
  }
  await audit.record(store, call, {
    action: blocked ? 'user.block' : 'user.unblock',
    targetType: 'User',
    targetId: id,
    changedPaths: ['blocked'],
  });
}
