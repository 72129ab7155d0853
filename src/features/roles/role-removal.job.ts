import { z } from 'zod';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import { removeSome, type RemoveSome } from './role-remnants';

/** Takes a deleted role from everybody who held it. The role itself is gone already, and with it what it allowed. */
export const roleRemoval = defineJob({
  name: 'role_removal',
  description: 'Removes what is left of a deleted role: that users and members held it.',
  payload: z.strictObject({ roleId: z.string() }),
  isCancellable: false,
});

export function roleRemovalHandling(sources: readonly RemoveSome[]): JobHandling {
  return handleJob<{ roleId: string }, Record<string, never>>(roleRemoval, {
    async chunk({ store, call, payload, size }) {
      const removed = await removeSome(sources, { store, call, id: payload.roleId, limit: size });
      return {
        isDone: removed < size,
        checkpoint: {},
        counts: { processed: removed, changed: removed },
      };
    },
  });
}
