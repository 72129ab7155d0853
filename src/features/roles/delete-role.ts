import type { Call } from '#src/access/call';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Store } from '#src/storage/store';
import { roleRemoval } from './role-removal.job';
import { removeSome, type RemoveSome } from './role-remnants';
import { deleteRoles } from './role.repository';

/** Holders of a role that is deleted who lose it within the same transaction; with more, a job goes on. */
const removedAtOnce = 100;

/**
 * Deletes a role; answers whether there was one. What it allows and its name end with this transaction, for everybody. That
 * users held it is removed too: at once where they are few, by a job where they are many, so that no writer waits for that.
 */
export async function deleteRole(
  call: Call,
  store: Store,
  id: string,
  sources: readonly RemoveSome[],
): Promise<boolean> {
  if ((await deleteRoles(store, [id])) !== 1) return false;
  const { next } = await removeSome(sources, null, { store, call, id, limit: removedAtOnce });
  if (next !== null) {
    await enqueueJob(store, call, roleRemoval, { roleId: id });
  }
  return true;
}
