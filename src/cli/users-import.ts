import type { App } from '#src/app';
import { exitCodes, UsageError, type CliCommand, type CommandContext, type ExitCode } from './command';
import { startProgress } from './progress';
import { requireWritable } from './writable-file';
import {
  importKeys,
  metadataModes,
  type GivenImportOptions,
  type ImportKey,
  type ImportMetadataMode,
} from '#src/features/transfers/imports/import-options';

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** A part of the file and the next one are at work together. */
const growth = 50;

const ends = `Ends with 0 when all rows came in, 2 when some failed, 1 when the job failed, 64 when the command was wrong.
Nobody is told by mail about being imported. One page for each product: docs/migration.md`;

export const usersImportCommand: CliCommand = {
  name: 'users import',
  summary: 'Import users from a file of this gateway or of another product.',
  examples: [
    'users import users.ndjson --dry-run',
    'users import realm.json --format keycloak --errors failed.ndjson',
    "users import people.csv --csv-delimiter ';' --mapping columns.json",
  ],
  define: (command) =>
    void command
      .argument('<file>', 'the file; for Stormpath the folder of the export')
      .option('--connection <name>', 'database connection that they come into', 'main')
      .option(
        '--format <name>',
        'native, okta, gigya, stormpath, keycloak, firebase_json, firebase_csv, cognito_csv, cognito_json, scim or csv; told from the file when absent',
      )
      .option('--upsert', 'change users that exist')
      .option(
        '--match <keys>',
        'by what existing users are found: one or more of email, user_id, username, external_id, with commas between (default: email)',
      )
      .option(
        '--metadata <mode>',
        'how metadata of existing users changes: replace, shallow_merge or deep_merge (default: replace)',
      )
      .option('--only-if-newer', 'with --upsert: leave users alone that were changed later than their row')
      .option('--dry-run', 'do everything and undo it: the report of the real run')
      .option('--strict', 'take nothing beyond the schema of Auth0')
      .option('--external-id <text>', 'a name of your own for the job, to find it again')
      .option('--mapping <file>', 'JSON: columns of a CSV file and the paths that they fill')
      .option('--csv-delimiter <character>', 'of a CSV file: one character, or tab; a comma when absent')
      .option('--encoding <name>', 'of the text; UTF-8 when absent')
      .option('--firebase-config <file>', 'JSON: hash settings of the Firebase project')
      .option('--id-prefix <text>', 'in front of the ids of another product; its name when absent')
      .option('--assume-email-verified', 'addresses count as verified where the source does not say')
      .option('--keep-unmapped', 'keep members without a place of their own in app_metadata')
      .option('--create-missing', 'make roles that rows name and that do not exist')
      .option('--include-lite', 'import accounts of Gigya that never finished their registration')
      .option('--errors <file>', 'write the rows that failed, and why, as NDJSON into this file')
      .option('--no-email', 'send no mail about the end of the import'),
  ends,
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
  const errors = options['errors'] as string | undefined;
  if (errors !== undefined) await requireWritable(errors);
  const [{ operatorCall }, source, format, { runToEnd }, { tellImport, writeErrors }] = await Promise.all([
    import('#src/cli/operator-tasks'),
    import('#src/cli/transfers/open-source'),
    import('#src/cli/transfers/format-option'),
    import('#src/cli/transfers/run-job'),
    import('#src/cli/transfers/import-report'),
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
  const store = app.storage.open();
  await tellImport(store, done, context.io);
  if (errors !== undefined) await writeErrors(store, done.id, errors);
  if (done.status !== 'COMPLETED') return exitCodes.failed;
  return (done.counts['failed'] ?? 0) > 0 ? exitCodes.someRowsFailed : exitCodes.done;
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
    ...(text('match') === undefined ? {} : { matchOn: matchOption(text('match') ?? '') }),
    ...(text('metadata') === undefined ? {} : { metadataMode: metadataOption(text('metadata') ?? '') }),
  };
}

function matchOption(text: string): ImportKey[] {
  const keys = text.toUpperCase().split(',') as ImportKey[];
  if (keys.every((key) => importKeys.includes(key))) return keys;
  throw new UsageError(`--match takes one or more of ${named(importKeys)}, with commas between.`);
}

function metadataOption(text: string): ImportMetadataMode {
  const mode = text.toUpperCase() as ImportMetadataMode;
  if (metadataModes.includes(mode)) return mode;
  throw new UsageError(`--metadata takes one of ${named(metadataModes)}.`);
}

function named(values: readonly string[]): string {
  return values.map((value) => value.toLowerCase()).join(', ');
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
