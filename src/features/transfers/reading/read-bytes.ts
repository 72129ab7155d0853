import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { createGunzip, constants } from 'node:zlib';
import { transferErrors } from '#src/features/transfers/transfer.errors';

export interface ByteLimits {
  /** Of the content after unpacking. */
  readonly maxBytes: number;
}

/** SECURITY: gzip bombs. Honest text is packed to a tenth; nothing that unpacks to this many times its size is read. */
const largestRatio = 200;
const ratioFrom = 1_048_576;

const utf8Bom = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The content of a file as UTF-8 bytes: unpacked when it is gzip, without its byte order mark, decoded when it is UTF-16 or when
 * `encoding` names another one. Refuses more than the limit, before it is kept anywhere.
 */
export async function* readBytes(
  source: Readable,
  { maxBytes }: ByteLimits,
  encoding?: string | null,
): AsyncGenerator<Buffer> {
  let total = 0;
  let decoder: TextDecoder | null = null;
  let isFirst = true;
  for await (const chunk of unpacked(source)) {
    total += chunk.length;
    if (total > maxBytes) throw transferErrors.IMPORT_FILE_TOO_LARGE({ extensions: { limit: maxBytes } });
    let bytes = chunk;
    if (isFirst) {
      isFirst = false;
      decoder = decoderOf(bytes, encoding ?? null);
      if (bytes.subarray(0, 3).equals(utf8Bom)) bytes = bytes.subarray(3);
    }
    yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true }), 'utf8') : bytes;
  }
}

/** Null: the bytes are UTF-8 as they are. */
function decoderOf(bytes: Buffer, encoding: string | null): TextDecoder | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be');
  if (encoding === null || /^utf-?8$/i.test(encoding)) return null;
  try {
    return new TextDecoder(encoding);
  } catch {
    throw transferErrors.IMPORT_FILE_INVALID({ message: 'This encoding of text is not known.' });
  }
}

async function* unpacked(source: Readable): AsyncGenerator<Buffer> {
  const chunks = regrouped(source);
  const first = await chunks.next();
  if (first.done) return;
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  const rest = (async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    yield* chunks;
  })();
  yield* isGzip ? gunzipped(rest) : rest;
}

/** The first piece has four bytes at least, so that marks at the beginning are whole. */
async function* regrouped(source: Readable): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of source as AsyncIterable<Buffer>) {
    if (head === null) yield chunk;
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < 4) continue;
      yield head;
      head = null;
    }
  }
  if (head !== null && head.length > 0) yield head;
}

async function* gunzipped(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ finishFlush: constants.Z_FINISH });
  let packedBytes = 0;
  let bytes = 0;
  const counted = (async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of packed) {
      packedBytes += chunk.length;
      yield chunk;
    }
  })();
  // Each end of it closes the other: a file that is not read to its end is not left open. Its error is the reader's.
  pipeline(Readable.from(counted, { objectMode: false }), gunzip).catch(() => undefined);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > ratioFrom && bytes > packedBytes * largestRatio)
        throw transferErrors.IMPORT_FILE_TOO_LARGE({ message: 'The packed file unpacks to far too much.' });
      yield chunk;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_'))
      throw transferErrors.IMPORT_FILE_INVALID({
        message: 'The packed file is broken or cut off.',
        cause: error,
      });
    throw error;
  } finally {
    gunzip.destroy();
  }
}
