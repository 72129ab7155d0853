import type { Call } from '#src/access/call';
import { findSource } from '#src/features/lazy-migration/sources/migration-source.repository';
import type { Store } from '#src/storage/store';
import { findConnectionOfUser, findMigrated, saveMigrated } from './migrated-user.repository';

/**
 * Keeps the id at the source of a user who is deleted, whether the user came from there or by another way: otherwise the next sign-in would
 * make the user again. Nothing is kept for connections that never had a source.
 */
export async function buryUser(store: Store, call: Call, userId: string): Promise<void> {
  const connection = await findConnectionOfUser(store, userId);
  if (connection === null || (await findSource(store, connection)) === null) return;
  const sourceId = userId.slice(userId.indexOf('|') + 1);
  const now = call.clock.now();
  const before = await findMigrated(store, connection, sourceId);
  await saveMigrated(store, {
    ...{ connection, sourceId, userId: null },
    cause: before?.cause ?? 'DELETED',
    migratedAt: before?.migratedAt ?? now,
    deletedAt: now,
  });
}
