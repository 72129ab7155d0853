import { isUtf8 } from 'node:buffer';
import { httpErrors } from './http.errors';

/** Bytes of the body of a form. */
export const formLimitBytes = 16_384;
const mostFields = 20;

/** The fields of a form that a browser sends (`application/x-www-form-urlencoded`). A field that is sent twice is refused. */
export function parseFormBody(body: Buffer): ReadonlyMap<string, string> {
  if (!isUtf8(body)) throw httpErrors.BAD_REQUEST({ message: 'The request body is not valid UTF-8.' });
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    if (fields.has(name) || fields.size >= mostFields) throw httpErrors.BAD_REQUEST();
    fields.set(name, value);
  }
  return fields;
}
