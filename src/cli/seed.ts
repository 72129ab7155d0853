import { readFile } from 'node:fs/promises';
import { systemClock } from '#src/shared/clock';
import { exitCodes, UsageError, type CliCommand, type CommandContext, type ExitCode } from './command';
import { startProgress } from './progress';
import { seedErrors } from '#src/cli/seed/seed.errors';

const mostUsers = 100_000_000;

export const seedCommand: CliCommand = {
  name: 'seed',
  summary: 'Fill an empty database with generated users or, in development, load profiles from a file.',
  examples: ['seed --users 10000', 'seed --file profiles.json'],
  define: (command) =>
    void command
      .option(
        '--users <count>',
        'how many users to generate, with identities, metadata, roles, organizations and sessions',
      )
      .option('--seed <text>', 'the same text gives the same data', 'gatehouse')
      .option('--file <file>', 'a JSON array of profiles to load instead; development profile only'),
  async run(options, context) {
    const { users, file } = options as { readonly users?: string; readonly file?: string };
    if ((users === undefined) === (file === undefined))
      throw new UsageError('Give either --users or --file.');
    if (file !== undefined) return loadFile(file, context);
    if (!/^[1-9][0-9]*$/.test(users as string) || Number(users) > mostUsers) {
      throw new UsageError(`--users takes a whole number from 1 to ${mostUsers}.`);
    }
    return generate(Number(users), options['seed'] as string, context);
  },
};

async function generate(users: number, seed: string, context: CommandContext): Promise<ExitCode> {
  const config = context.loadConfig();
  await context.parts.migrate(config.database.url.reveal());
  const started = systemClock.now();
  const { seedDatabase } = await import('#src/cli/seed/run-seed');
  const progress = startProgress(context.io, users, 'Users');
  const onProgress = (done: number): void => progress.update(done);
  const result = await seedDatabase(config, { users, seed, now: started, onProgress }).finally(() =>
    progress.stop(),
  );
  const seconds = (systemClock.now() - started) / 1000;
  context.io.out(
    `Made ${result.users} users, ${result.organizations} organizations and ${result.roles} roles in ${seconds.toFixed(1)} s.`,
  );
  return exitCodes.done;
}

async function loadFile(file: string, context: CommandContext): Promise<ExitCode> {
  const config = context.loadConfig();
  if (config.profile !== 'development') {
    throw new UsageError(
      '--file is for the development profile: a production deployment imports users with a job.',
    );
  }
  const rows = await readRows(file);
  await context.parts.migrate(config.database.url.reveal());
  const { loadIntoDatabase } = await import('#src/cli/seed/run-seed');
  const result = await loadIntoDatabase(config, rows);
  context.io.out(`Loaded ${result.users} users and created ${result.organizations} organizations.`);
  for (const [name, count] of result.leftOut) {
    context.io.err(`Left out "${name}" of ${count} users: the gateway does not store it.`);
  }
  return exitCodes.done;
}

async function readRows(file: string): Promise<readonly unknown[]> {
  let rows: unknown;
  try {
    rows = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? `it is not JSON (${error.message})` : (error as Error).message;
    throw seedErrors.SEED_FILE_UNREADABLE({ message: `${file} cannot be read: ${reason}`, cause: error });
  }
  if (Array.isArray(rows)) return rows as readonly unknown[];
  throw seedErrors.SEED_FILE_INVALID({ message: `${file} must hold a JSON array of profiles.` });
}
