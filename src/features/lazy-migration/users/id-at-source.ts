import type { Store } from '#src/storage/store';
import { findMigratedUser, findMigratedUsers } from './migrated-user.repository';

/** The id of a user as the source gave it, without what keeps the ids of two sources apart. */
export async function idAtSource(store: Store, connection: string, userId: string): Promise<string> {
  const known = await findMigratedUser(store, connection, userId);
  return withoutPrefix(connection, known?.sourceId ?? providerIdOf(userId));
}

/** The same for many users of one connection, in the order of their ids. */
export async function idsAtSource(
  store: Store,
  connection: string,
  userIds: readonly string[],
): Promise<string[]> {
  const known = await findMigratedUsers(store, connection, userIds);
  const sourceIds = new Map(known.map(({ userId, sourceId }) => [userId, sourceId]));
  return userIds.map((id) => withoutPrefix(connection, sourceIds.get(id) ?? providerIdOf(id)));
}

/** The id at the provider: the part of a user id behind the strategy. */
export function providerIdOf(userId: string): string {
  return userId.slice(userId.indexOf('|') + 1);
}

export function withoutPrefix(connection: string, sourceId: string): string {
  return sourceId.startsWith(`${connection}|`) ? sourceId.slice(connection.length + 1) : sourceId;
}
