import { brokenFile } from './json-elements';
import type { RecordLimits, SourceRecord } from './source-record';

/**
 * The records of a Cognito import file: cells are not quoted, a comma inside one is written `\,`. Its header names all columns, in any
 * order.
 */
export async function* cognitoRecords(
  chunks: AsyncIterable<Buffer>,
  limits: RecordLimits,
): AsyncGenerator<SourceRecord> {
  let names: readonly string[] | null = null;
  let line = 0;
  let index = 0;
  for await (const text of lines(chunks, limits.maxRowBytes)) {
    line += 1;
    if (text === '') continue;
    const cells = text === null ? null : cellsOf(text);
    if (names === null) {
      if (!cells?.includes('cognito:username'))
        throw brokenFile('The first line must name the column cognito:username', { line, column: 1 });
      names = cells;
      continue;
    }
    yield { index, line, ...readCells(cells, names, limits.maxRowBytes) };
    index += 1;
  }
}

function readCells(
  cells: readonly string[] | null,
  names: readonly string[],
  maxRowBytes: number,
): Pick<SourceRecord, 'value' | 'problem'> {
  const refuse = (code: string, message: string) => ({ value: null, problem: { code, message } });
  if (cells === null) return refuse('ROW_TOO_LARGE', `A row may have at most ${maxRowBytes} bytes.`);
  if (cells.length !== names.length)
    return refuse('INVALID_CSV', `The row has ${cells.length} cells, the first line ${names.length}.`);
  if (cells.some((cell) => cell.includes('\ufffd')))
    return refuse('INVALID_FORMAT', 'The row is not valid UTF-8.');
  return { value: Object.fromEntries(names.map((name, column) => [name, cells[column]])) };
}

function cellsOf(text: string): string[] {
  return text.split(/(?<!\\),/).map((cell) => cell.replace(/\\,/g, ',').trim());
}

/** The lines of a text; null where one is longer than allowed. */
async function* lines(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<string | null> {
  let rest = Buffer.alloc(0);
  let isTooLong = false;
  const text = (bytes: Buffer): string | null =>
    isTooLong || bytes.length > longest ? null : bytes.toString('utf8').replace(/\r$/, '');
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      yield text(Buffer.concat([rest, chunk.subarray(from, end)]));
      rest = Buffer.alloc(0);
      isTooLong = false;
      from = end + 1;
    }
    const tail = chunk.subarray(from);
    if (rest.length + tail.length > longest) {
      isTooLong = true;
      rest = Buffer.alloc(0);
    } else rest = Buffer.concat([rest, tail]);
  }
  if (rest.length > 0 || isTooLong) yield text(rest);
}
