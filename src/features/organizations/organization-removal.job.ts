import { z } from 'zod';
import { removeSome, type RemoveSome } from '#src/features/roles/role-remnants';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';

/** Removes what is left of a deleted organization: memberships, and sessions bound to it. The organization itself is gone already. */
export const organizationRemoval = defineJob({
  name: 'organization_removal',
  description: 'Removes what is left of a deleted organization: its memberships and its sessions.',
  payload: z.strictObject({ organizationId: z.string() }),
  isCancellable: false,
});

export function organizationRemovalHandling(sources: readonly RemoveSome[]): JobHandling {
  return handleJob<{ organizationId: string }, Record<string, never>>(organizationRemoval, {
    async chunk({ store, call, payload, size }) {
      const removed = await removeSome(sources, { store, call, id: payload.organizationId, limit: size });
      return {
        isDone: removed < size,
        checkpoint: {},
        counts: { processed: removed, changed: removed },
      };
    },
  });
}
