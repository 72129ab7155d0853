import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { commonErrors, GatehouseError, type ErrorKind } from '#src/shared/errors';
import type { Logger } from '#src/shared/logger';
import { httpErrors, statusOfCode } from './http.errors';

const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  limited: 429,
  unavailable: 503,
  internal: 500,
};

/** The HTTP status of an error that is the whole answer. */
export function statusOf(error: GatehouseError): number {
  return statusOfCode(error.code) ?? statusOfKind[error.kind];
}

/** The JSON of an error that is the whole answer, in the shape of a GraphQL answer. */
export function errorBody(error: GatehouseError): string {
  return JSON.stringify({
    errors: [{ message: error.message, extensions: { ...error.extensions, code: error.code } }],
  });
}

/** Sends an error as the whole answer. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: GatehouseError): FastifyReply {
  const wantsGraphql = request.headers.accept?.includes('application/graphql-response+json') === true;
  return reply
    .code(statusOf(error))
    .type(
      wantsGraphql ? 'application/graphql-response+json; charset=utf-8' : 'application/json; charset=utf-8',
    )
    .send(errorBody(error));
}

/**
 * Turns anything thrown into an error for the caller. What is not ours becomes opaque and is logged with its cause
 * under the request id, which the caller is told.
 */
export function publicError(
  thrown: unknown,
  requestId: string,
  limit: number,
  logger: Logger,
): GatehouseError {
  if (thrown instanceof GatehouseError) {
    if (thrown.kind === 'internal') logger.error({ requestId, err: thrown }, 'request failed');
    return thrown;
  }
  const { code, statusCode } = (thrown ?? {}) as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return httpErrors.BODY_TOO_LARGE({ extensions: { limit } });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return httpErrors.UNSUPPORTED_MEDIA_TYPE();
  if (code?.startsWith('FST_ERR_') && statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return httpErrors.BAD_REQUEST();
  }
  logger.error({ requestId, err: thrown }, 'request failed');
  return commonErrors.INTERNAL_SERVER_ERROR({ extensions: { errorId: requestId } });
}
