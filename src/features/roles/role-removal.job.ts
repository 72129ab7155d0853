import { z } from 'zod';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import { removeSome, type RemovalPlace, type RemoveSome } from './role-remnants';

/** Takes a deleted role from everybody who held it. The role itself is gone already, and with it what it allowed. */
export const roleRemoval = defineJob({
  name: 'role_removal',
  description: 'Removes what is left of a deleted role: that users and members held it.',
  payload: z.strictObject({ roleId: z.string() }),
  isCancellable: false,
});

export function roleRemovalHandling(sources: readonly RemoveSome[]): JobHandling {
  return handleJob<{ roleId: string }, { readonly place: RemovalPlace | null }>(roleRemoval, {
    async chunk({ store, call, payload, checkpoint, size }) {
      const from = checkpoint?.place ?? null;
      const { removed, next } = await removeSome(sources, from, {
        ...{ store, call, id: payload.roleId, limit: size },
      });
      return {
        isDone: next === null,
        checkpoint: { place: next },
        counts: { processed: removed, changed: removed },
      };
    },
  });
}
