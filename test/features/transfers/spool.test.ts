import fs from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spool } from '#src/features/transfers/imports/spool';
import { until } from '#test/support/until';

describe('an upload', () => {
  let folder: string;
  let server: Server;
  let outcome: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spool-'));
    server = createServer((request, response) => {
      spool(join(folder, request.url ?? ''), request, { maxBytes: 1_000, idleMs: 200 })
        .then(
          async (received) => {
            await received.remove();
            return 'RECEIVED';
          },
          (error: { code?: string }) => String(error.code),
        )
        .then((code) => {
          outcome = code;
          response.writeHead(200, { connection: 'close' }).end(code);
        }, fail);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  const fail = (error: unknown): never => {
    throw error;
  };

  /** What the server answers who sends so many of the promised bytes, and then nothing more or ends. */
  function send(promised: number, sent: number, end = false, path = '/'): Promise<string> {
    outcome = '';
    return new Promise((resolve, reject) => {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      let answer = '';
      socket.on('data', (data) => (answer += data.toString('utf8')));
      socket.on('close', () => resolve(answer.split('\r\n\r\n')[1] ?? ''));
      socket.on('error', reject);
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${promised}\r\n\r\n${'x'.repeat(sent)}`,
      );
      if (end) setTimeout(() => socket.destroy(), 30);
    });
  }

  it('that is whole is received', async () => {
    expect(await send(500, 500)).toContain('RECEIVED');
  });

  it.each([
    ['stalls', 500, 20, 'REQUEST_TIMEOUT'],
    ['never begins', 500, 0, 'REQUEST_TIMEOUT'],
    ['is too large', 5_000, 1_001, 'IMPORT_FILE_TOO_LARGE'],
  ])(
    'IMP-13: that %s is answered with a code, and nothing of it is left',
    async (_case, promised, sent, code) => {
      expect(await send(promised, sent)).toContain(code);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('that breaks off leaves nothing', async () => {
    await send(500, 20, true);
    await until(() => outcome !== '');
    expect(outcome).toBe('IMPORT_UPLOAD_INCOMPLETE');
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['the folder cannot be made', '/file/in'],
    ['nothing can be written', '/full'],
  ])('is refused with a code when %s', async (_case, path) => {
    await writeFile(join(folder, 'file'), '');
    // A device that is always full stands in for the file.
    jest.spyOn(fs, 'createWriteStream').mockImplementationOnce(() => fs.createWriteStream('/dev/full'));
    expect(await send(500, 500, false, path)).toContain('IMPORT_NOT_STORED');
    jest.restoreAllMocks();
    await rm(join(folder, 'file'));
  });
});
