import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noServer } from '#src/config/mail';
import { exitCodes, UsageError, type CliCommand } from './command';

const fileName = /^[\w.-]+\.eml$/;

export const mailCommand: CliCommand = {
  name: 'mail',
  summary: 'List the messages that development has written as files, or print one of them.',
  examples: ['mail', 'mail --latest'],
  define: (command) =>
    void command.argument('[file]', 'the message to print').option('--latest', 'print the newest message'),
  async run(options, { io, loadConfig }, args) {
    const { folder, smtpUrl } = loadConfig().mail;
    const names = await messagesIn(folder);
    const wanted = args[0] ?? (options['latest'] === true ? names[0] : undefined);
    if (wanted !== undefined) {
      // The name comes from a person, and may not lead out of the folder.
      if (!fileName.test(wanted) || !names.includes(wanted)) {
        throw new UsageError(`There is no message "${wanted}" in ${folder}.`);
      }
      io.out((await readFile(join(folder, wanted), 'utf8')).trimEnd());
      return exitCodes.done;
    }
    if (names.length === 0) io.err(`There is no message in ${folder}.`);
    if (smtpUrl.reveal() !== noServer) io.err('Messages go to the mail server now, not into this folder.');
    for (const name of names) io.out(`${name}  ${await headersOf(join(folder, name))}`);
    return exitCodes.done;
  },
};

/** Newest first: a name begins with the time of the message. */
async function messagesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => fileName.test(name) && !name.startsWith('.'))
    .sort()
    .reverse();
}

async function headersOf(path: string): Promise<string> {
  const headers = (await readFile(path, 'utf8')).split('\r\n\r\n', 1)[0] ?? '';
  const value = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1] ?? '';
  return `${value('To').trim()}  ${value('Subject').trim()}`;
}
