import { configReference } from '#src/config/reference';
import { exitCodes, type CliCommand, type CommandContext } from './command';
import type { CliApp } from './parts';

/** One thing that was looked at: a sentence, and what is wrong with it if anything. */
interface Finding {
  readonly what: string;
  readonly problem: string | null;
}

export const doctorCommand: CliCommand = {
  name: 'doctor',
  summary: 'Check configuration, secrets and database, and say what to do.',
  examples: ['doctor', 'doctor --integrity'],
  ends: 'Ends with 0 when all is well, 1 when something is wrong, 64 when the command was wrong.',
  define: (command) =>
    void command
      .option('--integrity', 'read the whole database and look for damage, as after a restore')
      .option('--print-config-reference', 'print the reference page of all configuration keys'),
  async run(options, context) {
    if (options['printConfigReference'] === true) {
      context.io.out(configReference().trimEnd());
      return exitCodes.done;
    }
    // A faulty configuration is thrown with all its problems: nothing else can be judged then.
    const config = context.loadConfig();
    context.io.out(`ok      configuration (profile ${config.profile})`);
    const url = config.database.url.reveal();
    const findings = [await checkMigrations(url, context)];
    if (options['integrity'] === true) findings.push(await checkIntegrity(url, context));
    if (findings[0]?.problem === null) findings.push(...(await checkStart(context)));
    for (const { what, problem } of findings) {
      context.io.out(problem === null ? `ok      ${what}` : `PROBLEM ${what}: ${problem}`);
    }
    return findings.some(({ problem }) => problem !== null) ? exitCodes.failed : exitCodes.done;
  },
};

async function checkMigrations(databaseUrl: string, { parts }: CommandContext): Promise<Finding> {
  const what = 'database and migrations';
  try {
    const pending = await parts.pendingMigrations(databaseUrl);
    if (pending.length === 0) return { what, problem: null };
    const [first, ...others] = pending;
    const named = others.length === 0 ? first : `${first} and ${others.length} more are`;
    return { what, problem: `${named} not applied yet; run: gatehouse migrate` };
  } catch (error) {
    return { what, problem: messageOf(error) };
  }
}

async function checkIntegrity(databaseUrl: string, { parts }: CommandContext): Promise<Finding> {
  const what = 'integrity of the database';
  try {
    const problems = await parts.integrityProblems(databaseUrl);
    if (problems.length === 0) return { what, problem: null };
    return { what, problem: `${problems.join('; ')}. Restore a backup` };
  } catch (error) {
    return { what, problem: messageOf(error) };
  }
}

async function checkStart(context: CommandContext): Promise<readonly Finding[]> {
  const what = 'keys, schema and access rules';
  try {
    return await context.withApp(context.loadConfig(), async (app) => {
      await app.storage.ping();
      return [{ what, problem: null }, keysFinding(await app.missingKeys())];
    });
  } catch (error) {
    return [{ what, problem: messageOf(error) }];
  }
}

/** Neither stops the start: the rest of the deployment works without them. */
function keysFinding(missing: Awaited<ReturnType<CliApp['missingKeys']>>): Finding {
  const problems = missing.map(({ kind, kid, count }) =>
    kind === 'PEPPER'
      ? `the secrets file has no pepper "${kid}" (password hashes that need it: ${count}); put it back, or their users set a new password by mail`
      : `the secrets file has no encryption key "${kid}" (stored secrets that need it: ${count}); put it back, or enter them anew`,
  );
  return { what: 'keys of what is stored', problem: problems.length === 0 ? null : problems.join('; ') };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
