import type { Call } from '#src/access/call';
import type { MailService } from '#src/features/mail/mail.service';
import { keptOptions } from './import-options';
import { findAdministratorAddresses } from './administrators.repository';
import { findImport } from './user-import.repository';
import { importCompletion } from '#src/features/mail/templates/import-completion';
import type { JobCounts } from '#src/jobs/job';
import type { Store } from '#src/storage/store';

export interface Ending {
  readonly status: 'COMPLETED' | 'FAILED';
  /** Why it failed. */
  readonly message: string | null;
}

/** Tells how an import ended, in the transaction of its end. */
export type ReportCompletion = (
  job: { readonly jobId: string; readonly counts: JobCounts; readonly call: Call; readonly store: Store },
  ending: Ending,
) => Promise<void>;

/** Mails to administrators; without a mail server nobody is told, and the report waits for its readers. */
export function reportByMail(mail: Pick<MailService, 'send' | 'canDeliver'>): ReportCompletion {
  return async ({ jobId, counts, call, store }, { status, message }) => {
    const asked = await findImport(store, jobId);
    const options = asked === null ? null : keptOptions.safeParse(asked.options).data;
    if (!options?.sendCompletionEmail || !mail.canDeliver) return;
    for (const to of await findAdministratorAddresses(store)) {
      await mail.send(store, call, {
        to,
        template: importCompletion,
        variables: {
          jobId,
          externalId: asked?.externalId ?? null,
          isDryRun: options.dryRun,
          isFailed: status === 'FAILED',
          message,
          inserted: counts['inserted'] ?? 0,
          updated: counts['updated'] ?? 0,
          skipped: counts['skipped'] ?? 0,
          failed: counts['failed'] ?? 0,
        },
      });
    }
  };
}
