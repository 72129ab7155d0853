import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';

export interface ImportCompletionVariables {
  readonly jobId: string;
  readonly externalId: string | null;
  readonly isDryRun: boolean;
  readonly isFailed: boolean;
  /** Why it failed. */
  readonly message: string | null;
  readonly inserted: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
}

/** An import of users is over. Counts alone: nothing of a row. */
export const importCompletion: MailTemplate<ImportCompletionVariables> = {
  name: 'import-completion',
  render: (job) => ({
    subject: `The import of users ${job.isFailed ? 'failed' : 'is complete'}`,
    blocks: [
      paragraph(
        `${job.isDryRun ? 'The dry run' : 'The import'} ${job.jobId}${job.externalId === null ? '' : ` (${job.externalId})`} ${
          job.isFailed ? `failed: ${job.message ?? ''}` : 'is complete.'
        }`,
      ),
      paragraph(
        `Users made: ${job.inserted}. Changed: ${job.updated}. Left as they were: ${job.skipped}. Rows that could not be imported: ${job.failed}.`,
      ),
      paragraph('Ask for the job to read which rows those are, and why.'),
    ],
  }),
};
