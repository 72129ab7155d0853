import { parse, CsvError, type Parser } from 'csv-parse';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import type { GatehouseError } from '#src/shared/errors';
import { brokenFile } from './json-elements';
import type { RecordLimits, SourceRecord } from './source-record';

export interface CsvOptions {
  readonly delimiter: string;
  /** Whether the first line names the columns. */
  readonly hasHeader: boolean;
}

interface ParsedLine {
  readonly record: readonly string[];
  /** Where it ends. */
  readonly line: number;
}

const mostColumns = 1_000;
/** A row may be so many times as long as allowed and fail alone; behind one that is longer, a quote is open and nothing can be told apart. */
const readableTimes = 16;

/** The records of a CSV file (RFC 4180); with a header each is an object by the names of the columns, else a list. */
export async function* csvRecords(
  chunks: AsyncIterable<Buffer>,
  { delimiter, hasHeader }: CsvOptions,
  limits: RecordLimits,
): AsyncGenerator<SourceRecord> {
  const lines: ParsedLine[] = [];
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: limits.maxRowBytes * readableTimes,
    bom: true,
    // Taken here, and not from the stream: that forgets the rows before a mistake that nobody has read yet.
    on_record: (record: readonly string[], { lines: line }) => {
      lines.push({ record, line });
      return null;
    },
  });
  // Its errors come back from each piece.
  parser.on('error', () => undefined).resume();
  let names: readonly string[] | null = null;
  let index = 0;
  let lastLine = 0;
  for await (const feed of pieces(chunks)) {
    const error = await new Promise<unknown>((done) => feed(parser, done));
    for (const { record, line } of lines.splice(0)) {
      lastLine = line;
      if (hasHeader && names === null) names = header(record, line);
      else {
        yield { index, line, ...readLine(record, names, limits) };
        index += 1;
      }
    }
    if (error) throw explained(error, lastLine + 1);
  }
}

type Feed = (parser: Parser, done: (error?: Error | null) => void) => void;

/** Each piece of the file, and its end. */
async function* pieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Feed> {
  for await (const chunk of chunks) yield (parser, done) => void parser.write(chunk, done);
  yield (parser, done) => void parser.end(done);
}

/** `begin`: the line behind the last row that could be read. */
function explained(error: unknown, begin: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const { lines = begin, column } = error as CsvError & { lines?: number; column?: number | string };
  if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE')
    return brokenCsv('A quote is opened and not closed again', begin, null);
  const cell = typeof column === 'number' ? column + 1 : null;
  return brokenCsv('This is not CSV: a quote stands where none may be', lines, cell);
}

function brokenCsv(message: string, line: number, cell: number | null): GatehouseError {
  const place = cell === null ? `in the row that begins on line ${line}` : `line ${line}, cell ${cell}`;
  return transferErrors.IMPORT_FILE_INVALID({
    message: `${message} (${place}).`,
    extensions: { line, ...(cell === null ? {} : { cell }) },
  });
}

function header(record: readonly string[], line: number): readonly string[] {
  const names = record.map((name) => name.trim());
  if (names.length === 1 && /[,;\t|]/.test(names[0] ?? ''))
    throw brokenFile(
      'The first line names one column only: which character stands between the columns? Name it as csvDelimiter',
      { line, column: 1 },
    );
  if (names.length > mostColumns || new Set(names).size !== names.length || names.includes(''))
    throw brokenFile('The first line must name each column, each with another name', { line, column: 1 });
  return names;
}

function readLine(
  record: readonly string[],
  names: readonly string[] | null,
  { maxRowBytes }: RecordLimits,
): Pick<SourceRecord, 'value' | 'problem'> {
  const bytes = record.reduce((sum, cell) => sum + Buffer.byteLength(cell) + 1, 0);
  if (bytes > maxRowBytes) {
    const message = `A row may have at most ${maxRowBytes} bytes.`;
    return { value: null, problem: { code: 'ROW_TOO_LARGE', message } };
  }
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
