import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { exitCodes, UsageError, type CliCommand } from './command';

export const usersDecryptCommand: CliCommand = {
  name: 'users decrypt',
  summary: 'Open a file of users with credentials by the private key, without server and database.',
  examples: ['users decrypt users.ndjson.jwe.gz --key export.key --out users.ndjson'],
  define: (command) =>
    void command
      .argument('<file>', 'the file as it was downloaded, packed (.gz) or not')
      .requiredOption('--key <file>', 'the private key in PEM')
      .requiredOption('--out <file>', 'the users, as NDJSON that `users import` takes'),
  async run(options, { io }, [file]) {
    if (file === undefined) throw new UsageError('Name the file.');
    const { openPieces, PiecesBroken } = await import('#src/features/transfers/exports/open-pieces');
    const keyFile = options['key'] as string;
    const key = await readFile(keyFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`The key ${keyFile} cannot be read (${error.code ?? error.message}).`);
    });
    if (!(await stat(file).catch(() => null))?.isFile()) throw new UsageError(`There is no file ${file}.`);
    const target = options['out'] as string;
    const source = createReadStream(file);
    const text = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
    source.on('error', (error) => text.destroy(error));
    const unfinished = `${target}.part`;
    let users = 0;
    const rowsOf = async function* (): AsyncGenerator<string> {
      for await (const rows of openPieces(createInterface({ input: text }), key)) {
        users += rows.split('\n').length - 1;
        yield rows;
      }
    };
    try {
      await pipeline(rowsOf, createWriteStream(unfinished, { mode: 0o600 }));
      await rename(unfinished, target);
    } catch (error) {
      await rm(unfinished, { force: true });
      const isNoGzip = (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true;
      if (!(error instanceof PiecesBroken) && !isNoGzip) throw error;
      io.err(isNoGzip ? `${file} is not gzip, or is cut off: download it again.` : (error as Error).message);
      io.err('Nothing was written.');
      return exitCodes.failed;
    }
    io.out(`${users} users in ${target}.`);
    return exitCodes.done;
  },
};
