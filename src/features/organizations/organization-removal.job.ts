import { z } from 'zod';
import { removeSome, type RemovalPlace, type RemoveSome } from '#src/features/roles/role-remnants';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';

/** Removes what is left of a deleted organization: memberships, and sessions bound to it. The organization itself is gone already. */
export const organizationRemoval = defineJob({
  name: 'organization_removal',
  description: 'Removes what is left of a deleted organization: its memberships and its sessions.',
  payload: z.strictObject({ organizationId: z.string() }),
  isCancellable: false,
});

export function organizationRemovalHandling(sources: readonly RemoveSome[]): JobHandling {
  return handleJob<{ organizationId: string }, { readonly place: RemovalPlace | null }>(organizationRemoval, {
    async chunk({ store, call, payload, checkpoint, size }) {
      const from = checkpoint?.place ?? null;
      const { removed, next } = await removeSome(sources, from, {
        ...{ store, call, id: payload.organizationId, limit: size },
      });
      return {
        isDone: next === null,
        checkpoint: { place: next },
        counts: { processed: removed, changed: removed },
      };
    },
  });
}
