import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

type Pieces = Iterable<Buffer | string> | AsyncIterable<Buffer | string>;

/**
 * Writes a file for this user alone, whole or not at all: what is under way stands beside it as `FILE.part`, and takes its name at the end.
 * An end in between leaves the file as it was before. What is no file, such as /dev/stdout or a pipe, is written to as it is.
 */
export async function writeWholeFile(file: string, pieces: () => Pieces): Promise<void> {
  // Behind a symbolic link the file is replaced, and not the link.
  const target = await realpath(file).catch(() => file);
  const found = await stat(target).catch(() => null);
  if (found !== null && !found.isFile()) return pipeline(pieces, createWriteStream(target));
  const unfinished = `${target}.part`;
  // SECURITY: one that is left from before may be open to others; a new one never is.
  await rm(unfinished, { force: true });
  try {
    await pipeline(pieces, createWriteStream(unfinished, { mode: 0o600, flags: 'wx', flush: true }));
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
