import type { Call } from '#src/access/call';
import { findSource } from '#src/features/lazy-migration/sources/migration-source.repository';
import type { Store } from '#src/storage/store';
import { providerIdOf } from './id-at-source';
import { findMigratedAmong, findUsersByConnection, saveMigrated } from './migrated-user.repository';

/**
 * Keeps the ids at the source of users who are deleted, whether they came from there or by another way: otherwise the next sign-in would
 * make them again. Nothing is kept for connections that never had a source.
 */
export async function buryUsers(store: Store, call: Call, userIds: readonly string[]): Promise<void> {
  const now = call.clock.now();
  for (const [connection, ids] of await findUsersByConnection(store, userIds)) {
    if ((await findSource(store, connection)) === null) continue;
    const sourceIds = ids.map(providerIdOf);
    const found = await findMigratedAmong(store, connection, sourceIds);
    const before = new Map(found.map((row) => [row.sourceId, row]));
    const rows = sourceIds.map((sourceId) => ({
      ...{ connection, sourceId, userId: null },
      cause: before.get(sourceId)?.cause ?? 'DELETED',
      migratedAt: before.get(sourceId)?.migratedAt ?? now,
      deletedAt: now,
    }));
    await saveMigrated(store, rows);
  }
}
