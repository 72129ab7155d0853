import { readFile } from 'node:fs/promises';
import { exitCodes, UsageError, type CliCommand, type ExitCode } from './command';
import type { CliApp } from './parts';

const actions = ['set', 'test', 'status', 'finish'] as const;
type Action = (typeof actions)[number];

export const migrationCommand: CliCommand = {
  name: 'migration',
  summary:
    'Set, test, watch and end the source from which users of a connection move at their first sign-in.',
  examples: [
    'migration source set main --file source.json',
    'migration source test main --identifier jane@example.com --password-file password.txt',
    'migration source status main',
    'migration source finish main',
  ],
  ends: 'Ends with 0 when it is done, 1 when it failed or a test found a fault of the source, 64 when the command was wrong.',
  define: (command) =>
    void command
      .argument('<what>', 'the word "source"')
      .argument('<action>', actions.join(', '))
      .argument('<connection>', 'name or id of the connection')
      .option('--file <file>', 'set: JSON with the settings of the source')
      .option('--disabled', 'set: keep the source, but do not ask it')
      .option('--identifier <identifier>', 'test: what a person would type')
      .option(
        '--password-file <file>',
        'test: a file with the password to check; without it the person is looked up',
      ),
  async run(options, { io, loadConfig, withApp }, args) {
    const [what, action, connection] = args;
    if (what !== 'source' || !isAction(action) || connection === undefined) {
      throw new UsageError(`Call it as: migration source ${actions.join('|')} CONNECTION.`);
    }
    const prepared = await prepare(action, options);
    return withApp(loadConfig(), async ({ migrationSource }) => {
      const result = await perform(migrationSource, { ...prepared, action, connection });
      io.out(JSON.stringify(result.answer, null, 2));
      return result.code;
    });
  },
};

function isAction(value: unknown): value is Action {
  return (actions as readonly unknown[]).includes(value);
}

interface Prepared {
  readonly settings: unknown;
  readonly isEnabled: boolean;
  readonly identifier: string;
  readonly password: string | null;
}

/** Everything that can be wrong with the call is found before an app is started. */
async function prepare(action: Action, options: Readonly<Record<string, unknown>>): Promise<Prepared> {
  const { file, identifier = '', passwordFile } = options as Readonly<Record<string, string | undefined>>;
  if (action === 'set' && file === undefined) throw new UsageError('Name the settings with --file.');
  if (action === 'test' && identifier === '') throw new UsageError('Name the person with --identifier.');
  return {
    settings: action === 'set' ? parse(await readFile(file as string, 'utf8')) : null,
    isEnabled: options['disabled'] !== true,
    identifier,
    // Not an option of its own: the list of processes shows options to everybody on the machine.
    password:
      passwordFile === undefined ? null : (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, ''),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('The file of --file is not JSON.');
  }
}

interface Task extends Prepared {
  readonly action: Action;
  readonly connection: string;
}

async function perform(
  source: CliApp['migrationSource'],
  { action, connection, settings, isEnabled, identifier, password }: Task,
): Promise<{ readonly answer: unknown; readonly code: ExitCode }> {
  const done = exitCodes.done;
  switch (action) {
    case 'set':
      return { answer: await source.set(connection, { settings, isEnabled }), code: done };
    case 'status':
      return { answer: await source.status(connection), code: done };
    case 'finish':
      return { answer: await source.finish(connection), code: done };
    case 'test': {
      const answer = await source.test(connection, { identifier, password });
      return { answer, code: answer.outcome === 'FAULT' ? exitCodes.failed : done };
    }
  }
}
