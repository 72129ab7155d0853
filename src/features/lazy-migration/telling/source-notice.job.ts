import { z } from 'zod';
import type { Call } from '#src/access/call';
import type { AttemptTally } from '#src/features/lazy-migration/attempts/attempt-tally';
import { lazyMigrationErrors } from '#src/features/lazy-migration/lazy-migration.errors';
import { SourceFault } from '#src/features/lazy-migration/sources/migration-source';
import type { SourceDesk } from '#src/features/lazy-migration/sources/source-desk';
import { asSource } from '#src/features/lazy-migration/users/as-source';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Store } from '#src/storage/store';

const text = z.string();

/** What is told afterwards, however long the source is away. SECURITY: passwords are told at once or not at all: none waits in a table. */
const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('VERIFY'), email: text }),
  z.strictObject({ kind: z.literal('DELETE'), userId: text }),
  z.strictObject({
    kind: z.literal('CHANGE_EMAIL'),
    userId: text,
    email: text,
    newEmail: text,
    isVerified: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('MIGRATED'), userId: text }),
]);

export type Notice = z.output<typeof change>;

interface Payload {
  readonly connection: string;
  readonly change: Notice;
}

export const sourceNotice = defineJob<Payload>({
  name: 'migration_source_notice',
  description: 'Tells a migration source of a change that was made here.',
  payload: z.strictObject({ connection: text, change }),
});

/** Asks for the notice in the transaction of the change: it exists exactly when that is committed. */
export async function noticeLater(
  store: Store,
  call: Call,
  connection: string,
  notice: Notice,
): Promise<void> {
  await enqueueJob(store, asSource(call, connection), sourceNotice, { connection, change: notice });
}

export function sourceNoticeHandling({
  desk,
  tally,
}: {
  readonly desk: SourceDesk;
  readonly tally: AttemptTally;
}): JobHandling {
  return handleJob<Payload, Record<string, never>, boolean>(sourceNotice, {
    prepare: async ({ call, payload: { connection, change: told } }) => {
      const source = await desk.active(call.store, connection);
      // Nobody wants it any more.
      if (source === null || !source.settings.writeBack.includes(told.kind)) return false;
      try {
        const reply = await source.tell(told);
        tally.add(connection, reply === 'done' ? 'TOLD' : 'TELLING_REFUSED');
        return reply === 'done';
      } catch (error) {
        if (!(error instanceof SourceFault)) throw error;
        tally.add(connection, error.reason);
        throw lazyMigrationErrors.MIGRATION_SOURCE_UNAVAILABLE({ cause: error });
      }
    },
    chunk: (_chunk, isTold) => ({
      isDone: true,
      checkpoint: {},
      counts: { processed: 1, changed: isTold ? 1 : 0, skipped: isTold ? 0 : 1 },
      total: 1,
    }),
  });
}
