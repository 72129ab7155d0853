import { isUtf8 } from 'node:buffer';
import { findJsonMistake } from './find-json-mistake';
import { brokenFile, jsonElements, type JsonElement, type JsonLayout } from './json-elements';
import type { FilePosition, RecordLimits, SourceRecord } from './source-record';

/** The records of a JSON file. A broken line of NDJSON is a problem of its own; in an array nothing behind a mistake can be trusted. */
export async function* jsonRecords(
  chunks: AsyncIterable<Buffer>,
  layout: JsonLayout,
  limits: RecordLimits,
): AsyncGenerator<SourceRecord> {
  let index = 0;
  for await (const element of jsonElements(chunks, layout, limits)) {
    yield { index, line: element.line, ...readElement(element, layout, limits) };
    index += 1;
  }
}

type Read = Pick<SourceRecord, 'value' | 'problem'>;

function readElement(element: JsonElement, layout: JsonLayout, limits: RecordLimits): Read {
  const { bytes } = element;
  if (bytes === null) return problem('ROW_TOO_LARGE', `A row may have at most ${limits.maxRowBytes} bytes.`);
  if (element.isTooDeep)
    return problem('METADATA_TOO_LARGE', `A row may be nested at most ${limits.maxDepth} levels deep.`);
  if (!isUtf8(bytes)) return problem('INVALID_FORMAT', 'The row is not valid UTF-8.');
  const text = bytes.toString('utf8');
  try {
    return { value: parse(text) };
  } catch {
    // SECURITY: the parser's own message quotes the text, which may hold a hash.
    const position = positionIn(text, findJsonMistake(text), element);
    if (layout.kind === 'array' || layout.kind === 'member') throw brokenFile('This is not JSON', position);
    return problem('INVALID_JSON', `This is not JSON (line ${position.line}, column ${position.column}).`);
  }
}

function problem(code: string, message: string): Read {
  return { value: null, problem: { code, message } };
}

/** SECURITY: `__proto__` becomes a member like any other here; the checks of the schema refuse it. */
function parse(text: string): unknown {
  return JSON.parse(text) as unknown;
}

function positionIn(text: string, offset: number, start: FilePosition): FilePosition {
  const trimmed = text.length - text.trimStart().length;
  const before = text.slice(trimmed, Math.max(offset, trimmed));
  const lines = before.split('\n');
  const last = lines[lines.length - 1] as string;
  return lines.length === 1
    ? { line: start.line, column: start.column + last.length }
    : { line: start.line + lines.length - 1, column: last.length + 1 };
}
