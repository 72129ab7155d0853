import { isUtf8 } from 'node:buffer';
import { httpErrors } from './http.errors';

const quote = 0x22;
const backslash = 0x5c;

/**
 * Reads a JSON body. Refuses text that is not UTF-8, nesting beyond `maxDepth` (before anything is built from it),
 * malformed JSON, and member names that change how objects behave.
 */
export function parseJsonBody(body: Buffer, maxDepth: number): unknown {
  if (body.length === 0) throw httpErrors.BAD_REQUEST({ message: 'The request body is empty.' });
  if (!isUtf8(body)) throw httpErrors.BAD_REQUEST({ message: 'The request body is not valid UTF-8.' });
  if (isNestedDeeperThan(body, maxDepth)) throw httpErrors.JSON_TOO_DEEP({ extensions: { limit: maxDepth } });
  const text = body.toString('utf8');
  const value = parse(text);
  // Most bodies hold neither a suspicious name nor an escape that could spell one, and are not walked.
  if (/__proto__|constructor|\\u/.test(text)) refuseForbiddenNames(value);
  return value;
}

/** Counts brackets outside strings and stops at the first that is too deep: its cost does not grow with the depth. */
function isNestedDeeperThan(body: Buffer, maxDepth: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index];
    if (isInString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) {
      isInString = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (byte === 0x5d || byte === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body, which may hold a password.
    throw httpErrors.BAD_REQUEST({ message: 'The request body is not valid JSON.' });
  }
}

/** SECURITY: a member named `__proto__` or `constructor` pollutes prototypes when an object is copied carelessly later. */
function refuseForbiddenNames(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__' || name === 'constructor') {
      throw httpErrors.BAD_REQUEST({
        message: `The request body holds a member named ${name}, which is not allowed.`,
        extensions: { member: name },
      });
    }
    refuseForbiddenNames(inner);
  }
}
