import { open, rm, stat } from 'node:fs/promises';
import { UsageError } from './command';

/** Refuses a file that cannot be written, before the work and not after it. Leaves no file where there was none. */
export async function requireWritable(file: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  try {
    await (await open(file, 'a', 0o600)).close();
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
  if (!isThere) await rm(file);
}
