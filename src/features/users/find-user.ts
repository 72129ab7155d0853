import type { Call } from '#src/access/call';
import { reachOf } from '#src/features/users/reach/reach';
import type { IdentityKey, UserHooks } from './user-hooks';
import type { UserRow } from './user-row';
import { findIdsBy, findUsersByEmail } from './user.repository';
import { userErrors } from './user.errors';

/** Exactly one member is given. */
export interface UniqueKey {
  readonly id?: string | null;
  readonly email?: string | null;
  readonly username?: string | null;
  readonly phoneNumber?: string | null;
  readonly identity?: IdentityKey | null;
}

export interface EmailSearch {
  readonly email: string;
  readonly caseSensitive: boolean;
}

/** Most users that may share an address: one for each connection of a large tenant. */
const mostSharing = 100;

/**
 * The id that a key names. E-mail, username and phone number are unique within a connection; when several connections share the
 * value the key is ambiguous and AMBIGUOUS_USER_KEY is thrown. The row still has to be loaded, which checks the caller's reach.
 */
export async function findByUniqueKey(hooks: UserHooks, call: Call, key: UniqueKey): Promise<string | null> {
  const reach = reachOf(call);
  if (key.id) return key.id;
  if (key.email) {
    const rows = await findUsersByEmail(call.store, key.email, { exact: false, limit: 2, reach });
    return single(rows.map((row) => row.id));
  }
  if (key.username) return single(await findIdsBy(call.store, 'username', key.username.toLowerCase(), reach));
  if (key.phoneNumber) return single(await findIdsBy(call.store, 'phoneNumber', key.phoneNumber, reach));
  if (key.identity) return (await hooks.findIdByIdentity?.(call.store, key.identity)) ?? null;
  return null;
}

function single(ids: readonly string[]): string | null {
  if (ids.length > 1) throw userErrors.AMBIGUOUS_USER_KEY();
  return ids[0] ?? null;
}

/** All users with the address, in every connection within reach, oldest first. */
export function findByEmail(call: Call, { email, caseSensitive }: EmailSearch): Promise<UserRow[]> {
  const reach = reachOf(call);
  return findUsersByEmail(call.store, email, { exact: caseSensitive, limit: mostSharing, reach });
}
