import { exitCodes, type CliCommand } from './command';

export const migrateCommand: CliCommand = {
  name: 'migrate',
  summary: 'Apply outstanding migrations, or take the last one back.',
  examples: ['migrate', 'migrate --revert'],
  define: (command) => void command.option('--revert', 'take the last applied migration back'),
  async run(options, { io, parts, loadConfig }) {
    const url = loadConfig().database.url.reveal();
    if (options['revert'] === true) {
      const reverted = await parts.revert(url);
      io.out(reverted === null ? 'No migration is applied.' : `Reverted ${reverted}.`);
      return exitCodes.done;
    }
    const applied = await parts.migrate(url);
    for (const name of applied) io.out(`Applied ${name}.`);
    if (applied.length === 0) io.out('The database is up to date.');
    return exitCodes.done;
  },
};
