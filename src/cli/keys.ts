import { toIso } from '#src/shared/clock';
import { exitCodes, UsageError, type CliCommand } from './command';
import type { CliApp } from './parts';

type Key = Awaited<ReturnType<CliApp['signingKeys']['list']>>[number];

export const keysListCommand: CliCommand = {
  name: 'keys list',
  summary: 'List the key pairs that tokens are signed with, the newest first.',
  examples: ['keys list'],
  async run(_options, { io, loadConfig, withApp }) {
    const keys = await withApp(loadConfig(), ({ signingKeys }) => signingKeys.list());
    for (const key of keys) io.out(lineOf(key));
    return exitCodes.done;
  },
};

export const keysRotateCommand: CliCommand = {
  name: 'keys rotate',
  summary: 'Make the next key sign, and publish one more; where there is none, publish one.',
  examples: ['keys rotate'],
  define: (command) =>
    void command.option(
      '--immediately',
      'although the next key was published less than a day ago and others may not know it yet',
    ),
  async run(options, { io, loadConfig, withApp }) {
    const immediately = options['immediately'] === true;
    const key = await withApp(loadConfig(), ({ signingKeys }) => signingKeys.rotate({ immediately }));
    io.out(lineOf(key));
    return exitCodes.done;
  },
};

export const keysRevokeCommand: CliCommand = {
  name: 'keys revoke',
  summary: 'Revoke a key: nothing that it signed is good any more.',
  examples: ['keys revoke KEY_ID --yes'],
  define: (command) =>
    void command
      .argument('<id>', 'id of the key, as `keys list` prints it')
      .option('--yes', 'needed: every token that the key signed ends at once'),
  async run(options, { io, loadConfig, withApp }, [id = '']) {
    if (options['yes'] !== true) {
      throw new UsageError(
        `Every token that ${id} signed ends at once, and whoever holds one signs in again. Add --yes if you mean it.`,
      );
    }
    const key = await withApp(loadConfig(), ({ signingKeys }) => signingKeys.revoke(id));
    io.out(lineOf(key));
    return exitCodes.done;
  },
};

function lineOf({ id, algorithm, state, createdAt, changedAt }: Key): string {
  return `${id}  ${algorithm}  ${state}  made ${toIso(createdAt)}, ${state.toLowerCase()} since ${toIso(changedAt)}`;
}
