import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
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

/** The fields that came with a request of a route that `takesForm`; none where it came without a body. */
export function formOf(request: FastifyRequest): ReadonlyMap<string, string> {
  return (request.body ?? new Map()) as ReadonlyMap<string, string>;
}
