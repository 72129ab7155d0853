import type { Call } from '#src/access/call';
import { reachOf } from './reach';
import type { UserRow } from '#src/features/users/user-row';
import { lockUser } from '#src/features/users/user.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/**
 * The user, locked until the end of the transaction. NOT_FOUND when there is none or the caller may not know of it: the two are
 * not told apart.
 */
export async function requireReachable(call: Call, store: Store, id: string): Promise<UserRow> {
  const user = await lockUser(store, id, reachOf(call));
  if (user) return user;
  throw commonErrors.NOT_FOUND({ message: 'There is no such user.' });
}
