import type { Call } from '#src/access/call';
import type { UserDependencies } from './create-user';
import { requireReachable } from '#src/features/users/reach/require-user';
import type { UserRow } from '#src/features/users/user-row';
import type { Store } from '#src/storage/store';
import { deleteUser as deleteRow } from '#src/features/users/user.repository';

/** Deletes a user with all identities, metadata, memberships, assignments and sessions. */
export async function deleteUser({ audit, hooks }: UserDependencies, call: Call, id: string): Promise<void> {
  await call.store.transaction(async (store) => {
    const user = await requireReachable(call, store, id);
    await hooks.standing?.(call, store, user.id, 'CHANGE');
    await removeUser({ hooks }, store, call, user);
    await audit.record(store, call, { action: 'user.delete', targetType: 'User', targetId: user.id });
  });
  hooks.committed.forEach((listener) => listener(id));
}

/** The deletion itself. Inside the transaction of `store`, which has locked the user. */
export async function removeUser(
  { hooks }: Pick<UserDependencies, 'hooks'>,
  store: Store,
  call: Call,
  { id }: Pick<UserRow, 'id'>,
): Promise<void> {
  for (const listener of hooks.deleting) await listener(store, call, id);
  await deleteRow(store, id);
}
