import type { App } from '#src/app';
import { exitCodes, UsageError, type CliCommand, type CommandContext, type ExitCode } from './command';
import { startProgress } from './progress';
import { writeWholeFile } from './whole-file';
import { requireWritable } from './writable-file';
import type { AskedField, ExportFormat } from '#src/features/transfers/exports/export-fields';

type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Rows are on their way for a moment only, so looking often costs little. */
const growth = 8;

const formats: Readonly<Record<string, ExportFormat>> = {
  ndjson: 'NDJSON',
  json: 'JSON_ARRAY',
  csv: 'CSV',
  scim: 'SCIM',
};

export const usersExportCommand: CliCommand = {
  name: 'users export',
  summary: 'Export users into a file, or to the standard output.',
  examples: [
    'users export --gzip --out users.ndjson.gz',
    "users export --format csv --field email --field 'identities[0].connection=provider' --out users.csv",
  ],
  define: (command) =>
    void command
      .option('--connection <name>', 'only users of this connection')
      .option('--format <name>', 'ndjson, json, csv or scim', 'ndjson')
      .option(
        '--field <path[=name]>',
        'a column, with its name in the file; may be given several times; the usual columns when absent',
        (value: string, before: readonly string[] = []) => [...before, value],
      )
      .option('--query <text>', 'only users that this query finds: docs/search.md')
      .option('--limit <count>', 'at most so many users, the oldest first; all when absent')
      .option('--gzip', 'pack it with gzip')
      .option('-o, --out <file>', 'the file; the standard output when absent'),
  async run(options, context) {
    const { keepYoungHeapSmall, withSteadyMemory } = await import('#src/cli/transfers/steady-memory');
    keepYoungHeapSmall();
    const config = context.loadConfig();
    // Rows are read once and pieces written once, one after the other: more connections and pages would only take memory.
    const database = { ...config.database, readConnections: 1, writerCacheKb: 8_000 };
    return context.withApp({ ...config, database }, (app) =>
      withSteadyMemory(growth, (tidy) => exportFile(app as App, options as Options, context, tidy)),
    );
  },
};

async function exportFile(
  app: App,
  options: Options,
  context: CommandContext,
  tidy: () => void,
): Promise<ExitCode> {
  const [{ operatorCall }, { runToEnd }, { exportBytes }, { findExports }] = await Promise.all([
    import('#src/cli/operator-tasks'),
    import('#src/cli/transfers/run-job'),
    import('#src/features/transfers/exports/export-desk'),
    import('#src/features/transfers/exports/user-export.repository'),
  ]);
  const format = formats[String(options['format']).toLowerCase()];
  if (format === undefined) throw new UsageError('--format takes ndjson, json, csv or scim.');
  const limit = options['limit'] === undefined ? null : Number(options['limit']);
  if (limit !== null && !(Number.isSafeInteger(limit) && limit > 0))
    throw new UsageError('--limit takes a whole number from 1.');
  const out = options['out'] as string | undefined;
  if (out !== undefined) await requireWritable(out);
  const fields = ((options['field'] ?? []) as readonly string[]).map(fieldOption);
  const job = await app.product.transfers.exports.start(operatorCall(app.platform, app.product), {
    connection: (options['connection'] as string | undefined) ?? null,
    format,
    fields: fields.length === 0 ? null : fields,
    query: (options['query'] as string | undefined) ?? null,
    limit,
    gzip: options['gzip'] === true,
  });
  const bar = startProgress(context.io, job.total ?? 0, 'Users');
  const done = await runToEnd(app, job.id, ({ counts }) => bar.update(counts['processed'] ?? 0)).finally(() =>
    bar.stop(),
  );
  if (done.status !== 'COMPLETED') {
    context.io.err(`${done.faultMessage ?? 'The job did not complete.'} (${done.faultCode ?? done.status})`);
    return exitCodes.failed;
  }
  const store = app.storage.open();
  const [asked] = await findExports(store, [done.id]);
  if (!asked) throw new Error(`The export ${done.id} is gone.`);
  const bytes = tidied(exportBytes(store, asked, options['gzip'] === true), tidy);
  if (out !== undefined) {
    await writeWholeFile(out, () => bytes);
    context.io.err(`${done.counts['processed'] ?? 0} users in ${out}.`);
    return exitCodes.done;
  }
  for await (const piece of bytes) await context.io.write(piece);
  return exitCodes.done;
}

/** The pieces of the file, which come faster than memory is looked after. */
async function* tidied(pieces: AsyncIterable<Buffer>, tidy: () => void): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    yield piece;
    tidy();
  }
}

function fieldOption(text: string): AskedField {
  const at = text.indexOf('=');
  return at < 0 ? { name: text } : { name: text.slice(0, at), exportAs: text.slice(at + 1) };
}
