import { z } from 'zod';
import { findDeletion } from '#src/features/my-account/deletion/account-deletion.repository';
import type { UserService } from '#src/features/users/user.service';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';

/** Deletes an account whose owner asked for it, unless the owner took that back. */
export const accountDeletion = defineJob({
  name: 'account_deletion',
  description: 'Deletes an account whose owner asked for it, when the time to take it back is over.',
  payload: z.strictObject({ userId: z.string(), requestedAt: z.number() }),
  // The owner takes it back by `cancelMyDeletion`, which leaves its own record.
  isCancellable: false,
});

export function accountDeletionHandling(users: UserService): JobHandling {
  return handleJob<{ userId: string; requestedAt: number }, Record<string, never>>(accountDeletion, {
    async chunk({ store, call, payload: { userId, requestedAt } }) {
      const deletion = await findDeletion(store, userId);
      // Another request, or none: then this job is about one that was taken back.
      const isDue = deletion?.requestedAt === requestedAt && deletion.deleteAt <= call.clock.now();
      if (isDue) await users.delete({ ...call, store }, userId);
      const changed = isDue ? 1 : 0;
      return { isDone: true, checkpoint: {}, counts: { processed: 1, changed, skipped: 1 - changed } };
    },
  });
}
