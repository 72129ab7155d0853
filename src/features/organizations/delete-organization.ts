import type { Call } from '#src/access/call';
import { removeSome, type RemoveSome } from '#src/features/roles/role-remnants';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Store } from '#src/storage/store';
import { organizationRemoval } from './organization-removal.job';
import { deleteOrganizationRow } from './organization.repository';

/** Rows that go within the same transaction; with more, a job goes on. */
const removedAtOnce = 100;

/**
 * Deletes an organization. With this transaction it is gone for everybody, and what its members could do in it is not in force
 * any more, because every read of memberships asks for their organization too. The rows themselves go at once where they
 * are few and by a job where they are many, so that no writer waits for that.
 */
export async function deleteOrganization(
  call: Call,
  store: Store,
  id: string,
  sources: readonly RemoveSome[],
): Promise<void> {
  await deleteOrganizationRow(store, id);
  const { next } = await removeSome(sources, null, { store, call, id, limit: removedAtOnce });
  if (next !== null) {
    await enqueueJob(store, call, organizationRemoval, { organizationId: id });
  }
}
