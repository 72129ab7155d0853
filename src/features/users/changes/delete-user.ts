import type { Call } from '#src/access/call';
import type { UserDependencies } from './create-user';
import { requireReachable } from '#src/features/users/reach/require-user';
import type { Store } from '#src/storage/store';
import { deleteUsers } from './delete-user.repository';

/** Deletes a user with all identities, metadata, memberships, assignments and sessions. */
export async function deleteUser({ audit, hooks }: UserDependencies, call: Call, id: string): Promise<void> {
  await call.store.transaction(async (store) => {
    const user = await requireReachable(call, store, id);
    await hooks.standing?.(call, store, user.id, 'CHANGE');
    await removeUsers({ hooks }, store, call, [user.id]);
    await audit.record(store, call, { action: 'user.delete', targetType: 'User', targetId: user.id });
  });
  hooks.committed.forEach((listener) => listener(id));
}

/** The deletion itself, of one or of many in a few statements for all. Inside the transaction of `store`, which has locked the users. */
export async function removeUsers(
  { hooks }: Pick<UserDependencies, 'hooks'>,
  store: Store,
  call: Call,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  for (const listener of hooks.deleting) await listener(store, call, ids);
  await deleteUsers(store, ids);
}
