import type { Call } from '#src/access/call';
import { findUsersThrough } from '#src/features/sessions/minting/live-session.repository';
import type { Store } from '#src/storage/store';
import { endForEvent } from './end-for-event';

const batchSize = 500;

/**
 * Ends the sessions and refresh tokens of everybody that rest on a connection alone. Inside the transaction that switches it off, so
 * that nothing works a moment longer.
 */
export async function endForConnection(store: Store, call: Call, connection: string): Promise<void> {
  let after = '';
  for (;;) {
    const userIds = await findUsersThrough(store, connection, { after, limit: batchSize });
    for (const userId of userIds)
      await endForEvent(store, call, userId, 'connection-disabled', { connection });
    const last = userIds.at(-1);
    if (last === undefined || userIds.length < batchSize) return;
    after = last;
  }
}
