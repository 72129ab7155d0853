import type { Store } from '#src/storage/store';
import { findMigratedUser } from './migrated-user.repository';

/** The id of a user as the source gave it, without what keeps the ids of two sources apart. */
export async function idAtSource(store: Store, connection: string, userId: string): Promise<string> {
  const known = await findMigratedUser(store, connection, userId);
  return withoutPrefix(connection, known?.sourceId ?? userId.slice(userId.indexOf('|') + 1));
}

export function withoutPrefix(connection: string, sourceId: string): string {
  return sourceId.startsWith(`${connection}|`) ? sourceId.slice(connection.length + 1) : sourceId;
}
