import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { App } from '#src/app';
import { exitCodes, UsageError, type CliCommand, type CommandContext, type ExitCode } from './command';
import { startProgress } from './progress';
import type { GivenImportOptions, ImportKey } from '#src/features/transfers/imports/import-options';

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** A part of the file and the next one are at work together. */
const growth = 40;

export const usersImportCommand: CliCommand = {
  name: 'users import',
  summary: 'Import users from a file of this gateway or of another product.',
  define: (command) =>
    void command
      .argument('<file>', 'the file; for Stormpath the folder of the export')
      .option('--connection <name>', 'database connection that they come into', 'main')
      .option(
        '--format <name>',
        'native, okta, gigya, stormpath, keycloak, firebase_json, firebase_csv, cognito_csv, cognito_json, scim or csv; told from the file when absent',
      )
      .option('--upsert', 'change users that exist')
      .option('--match <keys>', 'by what existing users are found: email, user_id, username, external_id')
      .option('--metadata <mode>', 'replace, shallow_merge or deep_merge')
      .option('--only-if-newer', 'leave users alone that were changed since')
      .option('--dry-run', 'do everything and undo it')
      .option('--strict', 'take nothing beyond the schema of Auth0')
      .option('--external-id <text>', 'a name of your own for the job')
      .option('--mapping <file>', 'JSON: columns of a CSV file and the paths that they fill')
      .option('--csv-delimiter <character>', 'of a CSV file; a comma when absent')
      .option('--encoding <name>', 'of the text; UTF-8 when absent')
      .option('--firebase-config <file>', 'JSON: hash settings of the Firebase project')
      .option('--id-prefix <text>', 'in front of the ids of another product; its name when absent')
      .option('--assume-email-verified', 'addresses count as verified where the source does not say')
      .option('--keep-unmapped', 'keep members without a place of their own in app_metadata')
      .option('--create-missing', 'make roles that rows name and that do not exist')
      .option('--include-lite', 'import accounts of Gigya that never finished their registration')
      .option('--errors <file>', 'write the rows that failed, and why, as NDJSON')
      .option('--no-email', 'mail nobody when it is over'),
  async run(options, context, [file]) {
    if (file === undefined) throw new UsageError('Name the file.');
    const config = context.loadConfig();
    await context.parts.migrate(config.database.url.reveal());
    const { withSteadyMemory } = await import('#src/cli/transfers/steady-memory');
    // Nearly everything goes through the one connection that writes: more would only keep more pages of the file in memory.
    const database = { ...config.database, readConnections: 1 };
    return context.withApp({ ...config, database }, (app) =>
      withSteadyMemory(growth, () => importFile(app as App, file, options as Options, context)),
    );
  },
};

async function importFile(
  app: App,
  file: string,
  options: Options,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ operatorCall }, source, format, { runToEnd }] = await Promise.all([
    import('#src/cli/operator-tasks'),
    import('#src/cli/transfers/open-source'),
    import('#src/cli/transfers/format-option'),
    import('#src/cli/transfers/run-job'),
  ]);
  const given: GivenImportOptions = {
    ...plainOptions(options),
    format: format.formatOption(options['format'] as string | undefined),
    mapping: await format.mappingOption(options['mapping'] as string | undefined),
    csvDelimiter: format.delimiterOption(options['csvDelimiter'] as string | undefined),
  };
  const firebase = await format.firebaseOption(options['firebaseConfig'] as string | undefined);
  const call = operatorCall(app.platform, app.product);
  const { maxRowBytes } = app.platform.config.transfers;
  const job = await app.product.transfers.imports.start(call, {
    connection: options['connection'] as string,
    options: given,
    externalId: (options['externalId'] as string | undefined) ?? null,
    queue: true,
    firebase,
    contentHash: await source.hashOfSource(file),
    open: ({ format: known, csvDelimiter, encoding }) =>
      source.openSource(file, { format: known, csvDelimiter, encoding, maxRowBytes }),
    onProgress: reading(context),
  });
  const bar = startProgress(context.io, job.total ?? 0, 'Rows');
  const done = await runToEnd(app, job.id, ({ counts }) => bar.update(counts['processed'] ?? 0)).finally(() =>
    bar.stop(),
  );
  const { inserted = 0, updated = 0, skipped = 0, failed = 0 } = done.counts;
  context.io.out(
    `${done.id} ${done.status}: ${inserted} inserted, ${updated} updated, ${skipped} skipped, ${failed} failed.`,
  );
  if (options['errors'] !== undefined) await writeErrors(app, done.id, options['errors'] as string);
  if (done.status !== 'COMPLETED') {
    context.io.err(`${done.faultMessage ?? 'The job did not complete.'} (${done.faultCode ?? done.status})`);
    return exitCodes.failed;
  }
  return failed > 0 ? exitCodes.someRowsFailed : exitCodes.done;
}

function plainOptions(options: Options): GivenImportOptions {
  const flag = (name: string): boolean => options[name] === true;
  const text = (name: string): string | undefined => options[name] as string | undefined;
  return {
    upsert: flag('upsert'),
    onlyIfNewer: flag('onlyIfNewer'),
    dryRun: flag('dryRun'),
    strictAuth0: flag('strict'),
    assumeEmailVerified: flag('assumeEmailVerified'),
    keepUnmapped: flag('keepUnmapped'),
    includeLite: flag('includeLite'),
    createMissing: flag('createMissing'),
    sendCompletionEmail: options['email'] !== false,
    ...(text('idPrefix') === undefined ? {} : { idPrefix: text('idPrefix') ?? null }),
    ...(text('encoding') === undefined ? {} : { encoding: text('encoding') ?? null }),
    ...(text('match') === undefined
      ? {}
      : { matchOn: text('match')?.toUpperCase().split(',') as ImportKey[] }),
    ...(text('metadata') === undefined ? {} : { metadataMode: text('metadata')?.toUpperCase() as 'REPLACE' }),
  };
}

/** How much was read: said once for every so many rows, because nobody knows how many there are. */
function reading({ io }: CommandContext): (rows: number) => void {
  let told = 0;
  return (rows) => {
    if (!io.isTerminal || rows - told < 50_000) return;
    told = rows;
    io.err(`Read ${rows} rows …`);
  };
}

/** Failed rows, a line each. SECURITY: as the report shows them, without hashes and secrets. */
async function writeErrors(app: App, jobId: string, file: string): Promise<void> {
  const { findResults } = await import('#src/features/transfers/imports/import-result.repository');
  const store = app.storage.open();
  const out = createWriteStream(file, { mode: 0o600 });
  const filter = { jobId, kind: 'errors', codes: null } as const;
  for (let after: string | null = null; ;) {
    const page = await findResults(store, filter, { first: 100, after });
    for (const { rowIndex, line, errors, warnings, echo } of page.rows)
      out.write(`${JSON.stringify({ index: rowIndex, line, errors, warnings, user: echo })}\n`);
    const last = page.rows[page.rows.length - 1];
    if (!page.hasNextPage || last === undefined) break;
    after = store.cursors.encode(page.order, page.keyOf(last));
  }
  out.end();
  await finished(out);
}
