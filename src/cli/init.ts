import { generateSecrets } from '#src/config/open-secrets';
import { writeSecretsFile } from '#src/config/secrets-file';
import { exitCodes, UsageError, type CliCommand } from './command';

export const initCommand: CliCommand = {
  name: 'init',
  summary: 'Make the secrets file of a production deployment and its first administrator.',
  examples: ['init --secrets /etc/gatehouse/secrets.json --email you@example.com'],
  ends: 'Ends with 0 when something was made, 1 when it failed or keys and administrator were there already, 64 when the command was wrong.',
  define: (command) =>
    void command
      .requiredOption('--secrets <file>', 'where to write the keys; an existing file is kept')
      .option('--email <address>', 'address of the first administrator', 'admin@example.com')
      .option('--no-administrator', 'make the keys alone'),
  async run(options, { io, parts, loadConfig, withApp }) {
    const file = options['secrets'] as string;
    const email = options['email'] as string;
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError(`${email} is not an e-mail address.`);
    const isNew = writeSecretsFile(file, await generateSecrets('production'));
    io.out(
      isNew
        ? `Wrote new keys to ${file}. Keep a copy in a safe place.`
        : `${file} exists already and is kept.`,
    );
    if (options['administrator'] === false) return isNew ? exitCodes.done : exitCodes.failed;

    const config = loadConfig({ 'secrets-file': file });
    await parts.migrate(config.database.url.reveal());
    const administrator = await withApp(config, (app) => app.createFirstAdministrator(email));
    if (administrator === null) {
      io.out('There is an administrator already; none was made.');
      return isNew ? exitCodes.done : exitCodes.failed;
    }
    // SECURITY: made here and shown once, the password was never an argument that other accounts can list.
    io.out(`Made the first administrator ${email} (${administrator.id}).`);
    io.out(`Password, shown this once: ${administrator.password}`);
    io.out(`Start with: GATEHOUSE_PROFILE=production GATEHOUSE_SECRETS_FILE=${file} gatehouse serve`);
    return exitCodes.done;
  },
};
