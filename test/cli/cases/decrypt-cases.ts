import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encryptPiece } from '#src/features/transfers/exports/export-key';

type Run = (...argv: string[]) => Promise<{ code: number; out: string; err: string }>;

/** Files of credentials, opened by the private key. */
export function decryptCases(folderOf: () => string, run: Run): void {
  const path = (name: string): string => join(folderOf(), name);

  it('3.3: users decrypt opens a file by the private key, whole or not at all', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const key = { pem, thumbprint: 'x' };
    const rows = ['{"email":"d1@example.com"}\n{"email":"d2@example.com"}\n', '{"email":"d3@example.com"}\n'];
    const pieces = await Promise.all(
      rows.map((text, piece) => encryptPiece(key, { job: 'job_x', piece, isLast: piece === 1 }, text)),
    );
    const [first = '', last = ''] = pieces;
    for (const [name, owner] of Object.entries({ 'own.key': privateKey, 'other.key': stranger }))
      writeFileSync(path(name), owner.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(path('users.ndjson.jwe.gz'), gzipSync(first + last));
    const files = {
      'plain.jwe': first + last,
      'cut.jwe': first,
      'swapped.jwe': last + first,
      'more.jwe': first + last + last,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
    writeFileSync(path('no.gz'), 'text');
    const open = (file: string, keyFile = 'own.key') =>
      run('users', 'decrypt', path(file), '--key', path(keyFile), '--out', path('opened.ndjson'));
    for (const [file, code, text] of [
      ['cut.jwe', 1, 'The end of the file is missing.'],
      ['swapped.jwe', 1, 'Piece 1 is missing, or of another file.'],
      ['more.jwe', 1, 'Something follows the last piece.'],
      ['no.gz', 1, 'is not gzip'],
      ['none.jwe', 64, 'There is no file'],
    ] as const)
      expect([file, await open(file)]).toMatchObject([file, { code, err: expect.stringContaining(text) }]);
    expect(await open('plain.jwe', 'other.key')).toMatchObject({
      code: 1,
      err: expect.stringContaining('cannot be opened with this key'),
    });
    expect(await open('plain.jwe', 'none.key')).toMatchObject({ code: 64 });
    expect(await open('plain.jwe', 'cut.jwe')).toMatchObject({
      code: 1,
      err: expect.stringContaining('PEM'),
    });
    expect(readdirSync(folderOf()).filter((name) => name.startsWith('opened'))).toEqual([]);
    for (const file of ['plain.jwe', 'users.ndjson.jwe.gz']) {
      expect(await open(file)).toMatchObject({ code: 0, out: expect.stringContaining('3 users in') });
      expect(readFileSync(path('opened.ndjson'), 'utf8')).toBe(rows.join(''));
      expect(statSync(path('opened.ndjson')).mode & 0o077).toBe(0);
    }
    expect((await run('users', 'decrypt', path('plain.jwe'), '--key', path('own.key'))).code).toBe(64);
    const dry = await run('users', 'import', path('opened.ndjson'), '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('3 inserted') });
  });
}
