import { defineErrors } from '#src/shared/errors';

/** What can be wrong with an exchange before any operation is looked at. */
export const httpErrors = defineErrors({
  BAD_REQUEST: { kind: 'invalid', message: 'The request cannot be read.' },
  ROUTE_NOT_FOUND: { kind: 'not-found', message: 'There is nothing at this address.' },
  METHOD_NOT_ALLOWED: { kind: 'invalid', message: 'This address does not answer this method.' },
  REQUEST_TIMEOUT: { kind: 'invalid', message: 'The request took too long to arrive.' },
  BODY_TOO_LARGE: { kind: 'limited', message: 'The request body is too large.' },
  JSON_TOO_DEEP: { kind: 'limited', message: 'The JSON of the request is nested too deep.' },
  HEADERS_TOO_LARGE: { kind: 'limited', message: 'The request headers are too large.' },
  UNSUPPORTED_MEDIA_TYPE: { kind: 'invalid', message: 'Send the body as application/json in UTF-8.' },
  CSRF_REJECTED: {
    kind: 'forbidden',
    message:
      'The request seems to come from another site. Send it from an allowed origin, or with a bearer token.',
  },
  DEADLINE_EXCEEDED: {
    kind: 'unavailable',
    message: 'The request took too long. Ask for less, or retry later.',
  },
});

/** Statuses that HTTP defines more finely than the kind of an error does. */
const statuses: Readonly<Record<string, number>> = {
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  BODY_TOO_LARGE: 413,
  JSON_TOO_DEEP: 400,
  HEADERS_TOO_LARGE: 431,
  UNSUPPORTED_MEDIA_TYPE: 415,
};

export function statusOfCode(code: string): number | undefined {
  return statuses[code];
}
