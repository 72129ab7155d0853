import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UsageError } from '#src/cli/command';
import type { ImportFormat } from '#src/features/transfers/formats/import-format';
import { rowDepth } from '#src/features/transfers/imports/import-desk';
import { openFile, type OpenedFile } from '#src/features/transfers/reading/read-records';
import { stormpathRecords } from './stormpath-folder';

/** An operator's file may be of any size that a disk holds. */
const maxBytes = Number.MAX_SAFE_INTEGER;

export interface SourceOptions {
  readonly format: ImportFormat;
  readonly csvDelimiter: string;
  readonly encoding: string | null;
  readonly maxRowBytes: number;
}

/** Opens a file, or the folder of a Stormpath export. */
export async function openSource(path: string, options: SourceOptions): Promise<OpenedFile> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`There is no file ${path}.`);
  if (!found.isDirectory())
    return openFile(createReadStream(path), { ...options, maxBytes, maxDepth: rowDepth });
  if (options.format !== 'STORMPATH' && options.format !== 'AUTO')
    throw new UsageError('Only a Stormpath export is a folder.');
  return { format: 'STORMPATH', records: stormpathRecords(path), close: () => undefined };
}

/** SHA-256 of a file, by which the same import is recognised while it runs; of a folder, of its name. */
export async function hashOfSource(path: string): Promise<string> {
  const hash = createHash('sha256');
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`There is no file ${path}.`);
  if (found.isDirectory()) return hash.update(path).digest('hex');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
