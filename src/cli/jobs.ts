import type { App } from '#src/app';
import type { JobRow } from '#src/jobs/job.repository';
import { commonErrors } from '#src/shared/errors';
import { exitCodes, UsageError, type CliCommand, type CommandContext } from './command';

const listed = 50;
const statuses = [
  'PENDING',
  'PROCESSING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'EXPIRED',
] as const satisfies readonly JobRow['status'][];

export const jobsListCommand: CliCommand = {
  name: 'jobs list',
  summary: 'List the 50 newest background jobs, the newest first.',
  examples: ['jobs list --type users_import --status failed'],
  define: (command) =>
    void command
      .option('--type <name>', 'only jobs of this type, such as users_import')
      .option(
        '--status <name>',
        `only jobs with this status: ${statuses.map((name) => name.toLowerCase()).join(', ')}`,
      ),
  run(options, context) {
    const { status, type } = options as { readonly status?: string; readonly type?: string };
    const wanted = status === undefined ? null : [statusOf(status)];
    return withJobs(context, async (app) => {
      const { listJobRows } = await import('#src/features/jobs/job-list.repository');
      const { rows } = await listJobRows(
        app.storage.open(),
        { type: type?.toLowerCase() ?? null, status: wanted },
        { first: listed },
      );
      if (rows.length === 0) context.io.err('There is no such job.');
      for (const row of rows) context.io.out(lineOf(row));
    });
  },
};

export const jobsShowCommand: CliCommand = {
  name: 'jobs show',
  summary: 'Show one background job with its counts.',
  examples: ['jobs show job_EXAMPLE'],
  define: (command) => void command.alias('get').argument('<id>', 'id of the job'),
  run: (_options, context, [id]) =>
    withJobs(context, async (app) => {
      const row = await findOne(app, id);
      context.io.out(lineOf(row));
      for (const [name, count] of Object.entries(row.counts)) context.io.out(`  ${name}: ${count}`);
      if (row.faultCode !== null) context.io.out(`  ${row.faultCode}: ${row.faultMessage ?? ''}`);
    }),
};

export const jobsCancelCommand: CliCommand = {
  name: 'jobs cancel',
  summary: 'Stop a background job; what it did until then stays.',
  examples: ['jobs cancel job_EXAMPLE'],
  define: (command) => void command.argument('<id>', 'id of the job'),
  run: (_options, context, [id]) =>
    withJobs(context, async (app) => {
      const [{ JobService }, { AuditService }, { operatorCall }] = await Promise.all([
        import('#src/features/jobs/job.service'),
        import('#src/features/audit/audit.service'),
        import('#src/cli/operator-tasks'),
      ]);
      const call = operatorCall(app.platform, app.product);
      const { status } = await new JobService(new AuditService()).cancel(call, idOf(id));
      context.io.out(`${idOf(id)} ${status}`);
    }),
};

export const jobsRetryCommand: CliCommand = {
  name: 'jobs retry',
  summary: 'Try the failed rows of an import again, in a new job.',
  examples: ['jobs retry job_EXAMPLE'],
  ends: 'Ends with 0 when all rows came in, 2 when some failed, 1 when the job failed, 64 when the command was wrong.',
  define: (command) => void command.argument('<id>', 'id of the import'),
  async run(_options, context, [id]) {
    return context.withApp(context.loadConfig(), async (connected) => {
      const app = connected as App;
      const [{ operatorCall }, { runToEnd }] = await Promise.all([
        import('#src/cli/operator-tasks'),
        import('#src/cli/transfers/run-job'),
      ]);
      const call = operatorCall(app.platform, app.product);
      const before = await findOne(app, id);
      const job = await app.product.transfers.imports.retry(call, before.id, before);
      const done = await runToEnd(app, job.id, () => undefined);
      context.io.out(lineOf(done));
      if (done.status !== 'COMPLETED') return exitCodes.failed;
      return (done.counts['failed'] ?? 0) > 0 ? exitCodes.someRowsFailed : exitCodes.done;
    });
  },
};

async function withJobs(context: CommandContext, work: (app: App) => Promise<void>): Promise<0> {
  await context.withApp(context.loadConfig(), (app) => work(app as App));
  return exitCodes.done;
}

function statusOf(text: string): JobRow['status'] {
  const found = statuses.find((name) => name === text.toUpperCase());
  if (found) return found;
  throw new UsageError(`--status takes one of ${statuses.join(', ').toLowerCase()}.`);
}

function idOf(id: string | undefined): string {
  if (id === undefined) throw new UsageError('Name the job.');
  return id;
}

async function findOne(app: App, id: string | undefined): Promise<JobRow> {
  const { findJob } = await import('#src/jobs/job.repository');
  const row = await findJob(app.storage.open(), idOf(id));
  if (row) return row;
  throw noSuchJob();
}

function lineOf({ id, type, status, counts, total }: JobRow): string {
  const done = counts['processed'] ?? 0;
  return `${id}  ${type}  ${status}  ${done}${total === null ? '' : `/${total}`} rows, ${counts['failed'] ?? 0} failed`;
}

/** As the API answers it. */
export function noSuchJob(): Error {
  return commonErrors.NOT_FOUND({ message: 'There is no such job; `gatehouse jobs list` names them.' });
}
