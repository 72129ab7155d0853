import type { App } from '#src/app';
import { exitCodes, UsageError, type CliCommand, type CommandContext, type ExitCode } from './command';
import { noSuchJob } from './jobs';
import { startProgress } from './progress';
import type { JobRow } from '#src/jobs/job.repository';

export const jobsErrorsCommand: CliCommand = {
  name: 'jobs errors',
  summary: 'Print the rows of an import that failed, and why, as NDJSON.',
  examples: ['jobs errors job_EXAMPLE', 'jobs errors job_EXAMPLE --warnings'],
  define: (command) =>
    void command
      .argument('<id>', 'id of the import')
      .option('--warnings', 'the rows with warnings instead, which may have come in'),
  run: (options, context, [id]) =>
    withImport(context, id, async (app, job) => {
      const { reportLines } = await import('#src/cli/transfers/import-report');
      const kind = options['warnings'] === true ? 'warnings' : 'errors';
      for await (const line of reportLines(app.storage.open(), job.id, kind)) context.io.out(line);
      return exitCodes.done;
    }),
};

export const jobsWatchCommand: CliCommand = {
  name: 'jobs watch',
  summary: 'Wait for an import, and end as `users import` does. Works on it if nobody else does.',
  examples: ['jobs watch job_EXAMPLE'],
  ends: 'Ends with 0 when all rows came in, 2 when some failed, 1 when the job failed, 64 when the command was wrong.',
  define: (command) => void command.argument('<id>', 'id of the import'),
  run: (_options, context, [id]) =>
    withImport(context, id, async (app, job) => {
      const [{ runToEnd }, { tellImport }] = await Promise.all([
        import('#src/cli/transfers/run-job'),
        import('#src/cli/transfers/import-report'),
      ]);
      const bar = startProgress(context.io, job.total ?? 0, 'Rows');
      const done = await runToEnd(app, job.id, ({ counts }) => bar.update(counts['processed'] ?? 0)).finally(
        () => bar.stop(),
      );
      await tellImport(app.storage.open(), done, context.io);
      if (done.status !== 'COMPLETED') return exitCodes.failed;
      return (done.counts['failed'] ?? 0) > 0 ? exitCodes.someRowsFailed : exitCodes.done;
    }),
};

function withImport(
  context: CommandContext,
  id: string | undefined,
  work: (app: App, job: JobRow) => Promise<ExitCode>,
): Promise<ExitCode> {
  return context.withApp(context.loadConfig(), async (connected) => {
    const app = connected as App;
    const { findJob } = await import('#src/jobs/job.repository');
    const job = id === undefined ? null : await findJob(app.storage.open(), id);
    if (!job) throw noSuchJob();
    if (job.type !== 'users_import') throw new UsageError('This job is no import of users.');
    return work(app, job);
  });
}
