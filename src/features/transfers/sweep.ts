import type { Platform } from '#src/access/platform';
import { repeatedly, type Background } from '#src/jobs/background';
import { expireExports } from '#src/features/transfers/exports/user-export.repository';
import { usersImport } from '#src/features/transfers/imports/import-users.job';
import {
  deleteLeftParts,
  expireReports,
  forgetContents,
} from '#src/features/transfers/imports/import-result.repository';
import { deleteSlotsBefore } from '#src/features/transfers/imports/upload-slots/upload-slot.repository';
import { removeLeftUploads } from '#src/features/transfers/imports/spool';

const hour = 3_600_000;
const day = 24 * hour;
const everyMs = 10 * 60_000;
const rowsPerBatch = 500;

export type SweepParts = Pick<Platform, 'storage' | 'clock' | 'logger' | 'config'>;

/** Removes what is kept for a time only: contents of failed rows, rows of jobs that are over, old reports, files left behind. */
export async function sweepTransfers({ storage, clock, config }: SweepParts): Promise<void> {
  const { retryHours, reportDays, folder } = config.transfers;
  const store = storage.open();
  const now = clock.now();
  for (;;) {
    const forgotten = await store.transaction((inside) =>
      forgetContents(inside, now - retryHours * hour, rowsPerBatch),
    );
    if (forgotten === 0) break;
  }
  await store.transaction(async (inside) => {
    await deleteLeftParts(inside, now);
    await deleteSlotsBefore(inside, now - day);
    await expireExports(inside, now);
    await expireReports(inside, usersImport.name, now - reportDays * day);
  });
  await removeLeftUploads(folder, now - day);
}

export function transferSweep(parts: SweepParts): Background {
  return repeatedly(parts.logger, { name: 'sweep imports and exports', everyMs }, () =>
    sweepTransfers(parts),
  );
}
