import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { httpErrors } from '#src/http/http.errors';
import { transferErrors } from '#src/features/transfers/transfer.errors';

/** A received file. */
export interface Spooled {
  /** Hexadecimal SHA-256 of its bytes. */
  readonly contentHash: string;
  open(): Readable;
  remove(): Promise<void>;
}

export interface SpoolLimits {
  readonly maxBytes: number;
  /** How long nothing may arrive. */
  readonly idleMs: number;
}

/**
 * Writes an upload to a file of its own in the folder, no further than the limit. Nothing is left of one that is refused, stalls or breaks off.
 * The source stays open when this fails, so that its sender can be answered.
 */
export async function spool(
  folder: string,
  source: Readable,
  { maxBytes, idleMs }: SpoolLimits,
): Promise<Spooled> {
  const root = resolve(folder);
  // SECURITY: the files hold password hashes: for this user alone, under names that nobody sends.
  await mkdir(root, { recursive: true, mode: 0o700 }).catch(notStored);
  const path = join(root, `upload-${randomUUID()}`);
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      idle.refresh();
      size += chunk.length;
      if (size > maxBytes)
        return done(transferErrors.IMPORT_FILE_TOO_LARGE({ extensions: { limit: maxBytes } }));
      hash.update(chunk);
      return done(null, chunk);
    },
  });
  const idle = setTimeout(() => {
    measure.destroy(httpErrors.REQUEST_TIMEOUT({ message: 'Nothing of the file has arrived for too long.' }));
  }, idleMs);
  // The sender is gone, or the server gave it up as too slow: what came is not the file.
  const brokenOff = (cause?: Error): void => {
    if (!source.readableEnded) measure.destroy(transferErrors.IMPORT_UPLOAD_INCOMPLETE({ cause }));
  };
  source.once('error', brokenOff);
  source.once('close', brokenOff);
  // One that cannot be removed is removed by the sweep.
  const remove = (): Promise<void> => rm(path, { force: true }).catch(() => undefined);
  try {
    source.pipe(measure);
    await pipeline(measure, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
  } catch (error) {
    source.unpipe(measure);
    await remove();
    return notStored(error);
  } finally {
    clearTimeout(idle);
    source.off('error', brokenOff);
    source.off('close', brokenOff);
  }
  return { contentHash: hash.digest('hex'), open: () => createReadStream(path), remove };
}

/** The disk is full, the folder may not be written, no file can be opened any more: nothing that the sender did. */
function notStored(error: unknown): never {
  const isOfSystem = (error as NodeJS.ErrnoException | null)?.syscall !== undefined;
  throw isOfSystem ? transferErrors.IMPORT_NOT_STORED({ cause: error }) : error;
}

/** Removes files that a process left behind when it was killed. */
export async function removeLeftUploads(folder: string, before: number): Promise<void> {
  const root = resolve(folder);
  const names = await readdir(root).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith('upload-'))) {
    const found = await stat(join(root, name)).catch(() => null);
    if (found && found.mtimeMs < before) await rm(join(root, name), { force: true });
  }
}
