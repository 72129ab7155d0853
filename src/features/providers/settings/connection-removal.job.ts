import { z } from 'zod';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { IdentityService } from '#src/features/identities/identity.service';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';

interface Payload {
  readonly connectionId: string;
  readonly name: string;
}

/** How far it came; the sums are for the audit record. */
interface Checkpoint {
  readonly after: string;
  readonly users: number;
  readonly identities: number;
  readonly kept: number;
}

/** Not to be cancelled: the connection is switched off, and somebody would wait for its name for ever. */
export const connectionRemoval = defineJob<Payload>({
  name: 'connection_removal',
  description: 'Deletes the users of a connection who come from nowhere else, and then the connection.',
  payload: z.strictObject({ connectionId: z.string(), name: z.string() }),
  isCancellable: false,
});

export interface RemovalParts {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly identities: IdentityService;
}

/**
 * SECURITY: the connection keeps its name until the last identity of it is gone. Else one of the same name, made meanwhile, would let its
 * people in as the users of the former.
 */
export function connectionRemovalHandling({ audit, connections, identities }: RemovalParts): JobHandling {
  return handleJob<Payload, Checkpoint>(connectionRemoval, {
    async chunk({ store, call, payload: { connectionId, name }, checkpoint, size, isTimeUp }) {
      const before = checkpoint ?? { after: '', users: 0, identities: 0, kept: 0 };
      const userIds = await identities.usersOf(store, name, { after: before.after, limit: size });
      const leaving = await identities.leave(store, call, { userIds, connection: name, isTimeUp });
      const sums = {
        after: userIds.length === 0 ? before.after : leaving.last,
        users: before.users + leaving.deleted,
        identities: before.identities + leaving.left,
        kept: before.kept + leaving.kept,
      };
      const isDone = userIds.length < size && sums.after === (userIds.at(-1) ?? before.after);
      if (isDone) {
        const row = await connections.lock(store, connectionId);
        const { users, kept } = sums;
        if (kept === 0) await connections.remove(store, row);
        else await connections.keep(store, row);
        await audit.record(store, call, {
          action: kept === 0 ? 'connection.delete' : 'connection.delete_refused',
          targetType: 'Connection',
          targetId: connectionId,
          details: { name, strategy: row.strategy, users, identities: sums.identities, kept },
        });
      }
      const changed = leaving.deleted + leaving.left;
      const counts = { processed: changed + leaving.kept, changed, failed: leaving.kept };
      return { isDone, checkpoint: sums, counts };
    },
  });
}
