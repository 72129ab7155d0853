import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { GatehouseError } from '#src/shared/errors';
import { errorBody, statusOf } from './error-answer';
import { httpErrors } from './http.errors';

/** Answers what Node's HTTP parser refused, on the bare socket, and closes the connection. */
export function answerSocketError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const answer = socketError(error.code);
  const status = statusOf(answer);
  const body = errorBody(answer);
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'content-type: application/json; charset=utf-8',
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      'connection: close',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

function socketError(code: string | undefined): GatehouseError {
  if (code === 'HPE_HEADER_OVERFLOW') return httpErrors.HEADERS_TOO_LARGE();
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return httpErrors.REQUEST_TIMEOUT();
  return httpErrors.BAD_REQUEST();
}
