import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { exitCodes, UsageError, type CliCommand } from './command';

export const usersDecryptCommand: CliCommand = {
  name: 'users decrypt',
  summary: 'Open a file of users with credentials by the private key, without server and database.',
  define: (command) =>
    void command
      .argument('<file>', 'the file as it was downloaded, packed (.gz) or not')
      .requiredOption('--key <file>', 'the private key in PEM')
      .requiredOption('--out <file>', 'the users, as NDJSON that `users import` takes'),
  async run(options, { io }, [file]) {
    if (file === undefined) throw new UsageError('Name the file.');
    const { openPieces, PiecesBroken } = await import('#src/features/transfers/exports/open-pieces');
    const key = await readFile(options['key'] as string, 'utf8');
    const target = options['out'] as string;
    const source = createReadStream(file);
    const text = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
    source.on('error', (error) => text.destroy(error));
    const unfinished = `${target}.part`;
    const out = createWriteStream(unfinished, { mode: 0o600 });
    let users = 0;
    try {
      for await (const rows of openPieces(createInterface({ input: text }), key)) {
        users += rows.split('\n').length - 1;
        if (!out.write(rows)) await once(out, 'drain');
      }
      out.end();
      await finished(out);
      await rename(unfinished, target);
    } catch (error) {
      out.destroy();
      await rm(unfinished, { force: true });
      if (!(error instanceof PiecesBroken)) throw error;
      io.err(error.message);
      return exitCodes.failed;
    }
    io.out(`${users} users in ${target}.`);
    return exitCodes.done;
  },
};
