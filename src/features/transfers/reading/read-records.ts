import type { Readable } from 'node:stream';
import type { ImportFormat, KnownFormat } from '#src/features/transfers/formats/import-format';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import { cognitoRecords } from './cognito-records';
import { csvRecords } from './csv-records';
import { detectFormat } from './detect-format';
import { jsonRecords } from './json-records';
import { readBytes } from './read-bytes';
import type { RecordLimits, SourceRecord } from './source-record';

export interface ReadOptions extends RecordLimits {
  readonly format: ImportFormat;
  readonly maxBytes: number;
  readonly csvDelimiter: string;
  readonly encoding: string | null;
}

/** A file whose beginning was looked at. */
export interface OpenedFile {
  readonly format: KnownFormat;
  /** To be read once, in order. */
  readonly records: AsyncGenerator<SourceRecord>;
  /** Lets go of the file, read to its end or not. */
  close(): void;
}

const headBytes = 65_536;

/** Tells the format of a file and reads its records one after the other; memory does not depend on its size. */
export async function openFile(source: Readable, options: ReadOptions): Promise<OpenedFile> {
  try {
    const { format, records } = await open(source, options);
    return { format, records, close: () => void source.destroy() };
  } catch (error) {
    source.destroy();
    throw error;
  }
}

async function open(source: Readable, options: ReadOptions): Promise<Omit<OpenedFile, 'close'>> {
  const chunks = readBytes(source, options, options.encoding);
  const head: Buffer[] = [];
  let size = 0;
  let isAll = false;
  while (size < headBytes && !isAll) {
    const next = await chunks.next();
    if (next.done) isAll = true;
    else {
      head.push(next.value);
      size += next.value.length;
    }
  }
  const beginning = Buffer.concat(head);
  if (beginning.toString('utf8').trim() === '')
    throw transferErrors.IMPORT_FILE_INVALID({ message: 'The file is empty.' });
  const named = options.format === 'AUTO' ? null : options.format;
  const { format, layout } = detectFormat(beginning.subarray(0, headBytes), named);
  if (format === null) throw transferErrors.IMPORT_FORMAT_UNKNOWN();
  const all = (async function* (): AsyncGenerator<Buffer> {
    yield beginning;
    yield* chunks;
  })();
  return { format, records: recordsOf(format, all) };

  function recordsOf(known: KnownFormat, bytes: AsyncIterable<Buffer>): AsyncGenerator<SourceRecord> {
    if (known === 'CSV')
      return csvRecords(bytes, { delimiter: options.csvDelimiter, hasHeader: true }, options);
    if (known === 'FIREBASE_CSV') return csvRecords(bytes, { delimiter: ',', hasHeader: false }, options);
    if (known === 'COGNITO_CSV') return cognitoRecords(bytes, options);
    return jsonRecords(bytes, layout, options);
  }
}
