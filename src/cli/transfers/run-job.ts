import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '#src/app';
import { findJob, type JobRow } from '#src/jobs/job.repository';

const pollMs = 250;

/** Works on a job until it is over, or watches while another process does; tells how many rows are done. */
export async function runToEnd(app: App, id: string, onProgress: (row: JobRow) => void): Promise<JobRow> {
  for (;;) {
    const row = (await app.jobs.runNow(id)) ?? (await findJob(app.storage.open(), id));
    if (!row) throw new Error(`The job ${id} is gone.`);
    onProgress(row);
    if (row.finishedAt !== null) return row;
    // Somebody else has it, or it waits for its next try.
    if (row.status === 'PENDING' || row.leaseOwner !== null) await wait(pollMs);
  }
}
