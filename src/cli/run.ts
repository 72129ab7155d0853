import { Command, CommanderError } from 'commander';
import { ConfigError } from '#src/config/config-error';
import { loadConfig, type ConfigInput } from '#src/config/load-config';
import { GatehouseError } from '#src/shared/errors';
import { exitCodes, UsageError, type CliCommand, type CommandContext, type ExitCode } from './command';
import type { CliIo } from './io';
import type { CliParts } from './parts';

export interface CliRun {
  readonly commands: readonly CliCommand[];
  readonly io: CliIo;
  readonly parts: CliParts;
  /** Default: the environment of the process. */
  readonly environment?: ConfigInput['environment'];
}

/** Runs one command line without the program's own name; answers the exit code and never throws. */
export async function runCli(argv: readonly string[], run: CliRun): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = createProgram(run, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, run.io);
  }
}

function createProgram(run: CliRun, finish: (code: ExitCode) => void): Command {
  const program = new Command('gatehouse')
    .description('A self-hosted GraphQL identity gateway.')
    .option('--config <file>', 'JSON file with configuration; default: the one named by GATEHOUSE_CONFIG')
    .addHelpText('after', programHelp)
    .showHelpAfterError('Run with --help to see how it is used.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => run.io.out(text.trimEnd()),
      writeErr: (text) => run.io.err(text.trimEnd()),
    });
  for (const definition of run.commands) {
    // Made by the program itself, a sub-command inherits its output and its way to end.
    const command = commandOf(program, definition.name).description(definition.summary);
    definition.define?.(command);
    command.addHelpText('after', afterHelp(definition));
    command.action(async () => {
      const context = createContext(run, program.opts<{ config?: string }>().config);
      finish(await definition.run(command.opts(), context, command.args));
    });
  }
  return program;
}

const usualEnds = 'Ends with 0 when it is done, 1 when it failed, 64 when the command was wrong.';

const programHelp = `
Options, examples and exit codes of a command: gatehouse serve --help, gatehouse users import --help.
Without a command the program serves. ${usualEnds}
Settings come from variables GATEHOUSE_… or the file of --config: docs/configuration.md. This page at length: docs/operating.md`;

function afterHelp({ examples, ends = usualEnds }: CliCommand): string {
  const lines = examples.map((example) => `  gatehouse ${example}`);
  return `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}\n\n${ends}`;
}

/** `users import` is the command `import` of a group `users`, which is made with its first command. */
function commandOf(program: Command, name: string): Command {
  const [first = '', second] = name.split(' ');
  if (second === undefined) return program.command(first);
  const group = program.commands.find((candidate) => candidate.name() === first) ?? program.command(first);
  return group.description(groups[first] ?? '').command(second);
}

const groups: Readonly<Record<string, string>> = {
  keys: 'List, rotate and revoke the keys that tokens are signed with.',
  users: 'Import, export, convert and decrypt users.',
  jobs: 'List, show, watch, cancel and retry background jobs.',
};

function createContext({ io, parts, environment }: CliRun, file: string | undefined): CommandContext {
  return {
    io,
    parts,
    loadConfig: (flags = {}) =>
      loadConfig({
        flags,
        ...(environment === undefined ? {} : { environment }),
        ...(file === undefined ? {} : { file }),
      }),
    async withApp(config, work) {
      const app = await parts.createApp(config);
      try {
        return await work(app);
      } finally {
        await app.close();
      }
    },
  };
}

function explain(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) {
    // Help and version end this way too; faulty calls have been explained by the library already.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
  }
  if (error instanceof UsageError) {
    io.err(`${error.message}\nRun with --help to see how it is used.`);
    return exitCodes.badUsage;
  }
  if (error instanceof ConfigError) io.err(error.message);
  else if (error instanceof GatehouseError) io.err(`${error.message} (${placeOf(error)})`);
  else if (isOfSystem(error)) io.err(`${error.message}.`);
  else io.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failed;
}

/** A file that is not there or may not be opened, a full disk: the operator's to put right, and named in the message. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** The code, and the field or option that is meant. */
function placeOf({ code, extensions }: GatehouseError): string {
  const { field } = extensions;
  return typeof field === 'string' ? `${code}: ${field}` : code;
}
