import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { exitCodes, UsageError, type CliCommand } from './command';
import { writeWholeFile } from './whole-file';

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
    let users = 0;
    const rowsOf = async function* (): AsyncGenerator<string> {
      // Opened when somebody reads it: before that its errors would be nobody's.
      const source = createReadStream(file);
      const text = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
      source.on('error', (error) => text.destroy(error));
      for await (const rows of openPieces(createInterface({ input: text }), key)) {
        users += rows.split('\n').length - 1;
        yield rows;
      }
    };
    try {
      await writeWholeFile(target, rowsOf);
    } catch (error) {
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
