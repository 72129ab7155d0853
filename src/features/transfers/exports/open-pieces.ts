import { createPrivateKey } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { pieceContent } from './export-key';

/** A file that is not whole, not in order, or not for this key. */
export class PiecesBroken extends Error {}

/** The rows of a file of credentials, piece by piece. Throws PiecesBroken before the first row of a piece that is wrong, and at an end that is missing. */
export async function* openPieces(
  lines: AsyncIterable<string>,
  privateKeyPem: string,
): AsyncGenerator<string> {
  const key = privateKeyOf(privateKeyPem);
  let job: unknown = null;
  let next = 0;
  let isOver = false;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    if (isOver) throw new PiecesBroken('Something follows the last piece.');
    const { plaintext, protectedHeader } = await compactDecrypt(line.trim(), key).catch(() => {
      throw new PiecesBroken(`Piece ${next + 1} cannot be opened with this key.`);
    });
    const { cty, piece, last } = protectedHeader as Record<string, unknown>;
    job ??= protectedHeader['job'];
    if (cty !== pieceContent || protectedHeader['job'] !== job || piece !== next)
      throw new PiecesBroken(`Piece ${next + 1} is missing, or of another file.`);
    isOver = last === true;
    next += 1;
    yield Buffer.from(plaintext).toString('utf8');
  }
  if (!isOver) throw new PiecesBroken('The end of the file is missing.');
}

function privateKeyOf(pem: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new PiecesBroken('The key cannot be read: a private key in PEM, without a pass phrase, is needed.');
  }
}
