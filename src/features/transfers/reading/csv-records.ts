import { Readable } from 'node:stream';
import { parse, CsvError } from 'csv-parse';
import { brokenFile } from './json-elements';
import type { RecordLimits, SourceRecord } from './source-record';

export interface CsvOptions {
  readonly delimiter: string;
  /** Whether the first line names the columns. */
  readonly hasHeader: boolean;
}

interface ParsedLine {
  readonly record: readonly string[];
  readonly info: { readonly lines: number; readonly invalid_field_length: number };
}

const mostColumns = 1_000;

/** The records of a CSV file (RFC 4180); with a header each is an object by the names of the columns, else a list. */
export async function* csvRecords(
  chunks: AsyncIterable<Buffer>,
  { delimiter, hasHeader }: CsvOptions,
  limits: RecordLimits,
): AsyncGenerator<SourceRecord> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: limits.maxRowBytes,
    bom: true,
  });
  const source = Readable.from(chunks);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let names: readonly string[] | null = null;
  let index = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedLine>) {
      if (hasHeader && names === null) {
        names = header(record, info.lines);
        continue;
      }
      yield { index, line: info.lines, ...readLine(record, names) };
      index += 1;
    }
  } catch (error) {
    throw explained(error);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { lines } = error as CsvError & { lines?: number };
  const message =
    error.code === 'CSV_MAX_RECORD_SIZE'
      ? 'A line is longer than allowed'
      : 'This is not CSV: a quote is not closed or stands where none may be';
  return brokenFile(message, { line: lines ?? 1, column: 1 });
}

function header(record: readonly string[], line: number): readonly string[] {
  const names = record.map((name) => name.trim());
  if (names.length > mostColumns || new Set(names).size !== names.length || names.includes(''))
    throw brokenFile('The first line must name each column, each with another name', { line, column: 1 });
  return names;
}

function readLine(
  record: readonly string[],
  names: readonly string[] | null,
): Pick<SourceRecord, 'value' | 'problem'> {
  // Bytes that are no UTF-8 became the replacement character.
  if (record.some((cell) => cell.includes('\ufffd')))
    return { value: null, problem: { code: 'INVALID_FORMAT', message: 'The row is not valid UTF-8.' } };
  if (names === null) return { value: record };
  if (record.length !== names.length) {
    const message = `The row has ${record.length} cells, the first line ${names.length}.`;
    return { value: null, problem: { code: 'INVALID_CSV', message } };
  }
  return { value: Object.fromEntries(names.map((name, column) => [name, record[column]])) };
}
