import type { Call } from '#src/access/call';
import type { UserDependencies } from './create-user';
import { requireReachable } from '#src/features/users/reach/require-user';
import { deleteUser as deleteRow } from '#src/features/users/user.repository';

/** Deletes a user with all identities, metadata, memberships, assignments and sessions. */
export async function deleteUser({ audit, hooks }: UserDependencies, call: Call, id: string): Promise<void> {
  await call.store.transaction(async (store) => {
    const user = await requireReachable(call, store, id);
    for (const listener of hooks.deleting) await listener(store, call, user.id);
    await deleteRow(store, user.id);
    await audit.record(store, call, { action: 'user.delete', targetType: 'User', targetId: user.id });
  });
  hooks.committed.forEach((listener) => listener(id));
}
