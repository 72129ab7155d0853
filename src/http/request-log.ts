import type { Logger } from '#src/shared/logger';
import type { RequestRecord } from './request-record';

/** What one served request was. */
export interface ServedRequest {
  readonly requestId: string;
  readonly method: string;
  /** Path of the route, or null when no route answered. The address itself may hold secrets and is not kept. */
  readonly route: string | null;
  readonly status: number;
  readonly milliseconds: number;
  /** Whether the caller went away before the answer was complete. */
  readonly isAborted: boolean;
  readonly isPolled: boolean;
  readonly record: RequestRecord;
}

/** Writes one line for a request: no query text, no variables, no cookies, no tokens, no address. */
export function logRequest(logger: Logger, request: ServedRequest): void {
  const { record } = request;
  const fields = {
    requestId: request.requestId,
    method: request.method,
    route: request.route,
    status: request.status,
    ms: Math.round(request.milliseconds * 10) / 10,
    ...(record.operationType === null ? {} : { operationType: record.operationType }),
    ...(record.operationName === null ? {} : { operation: record.operationName.slice(0, 100) }),
    statements: record.statements(),
    ...(record.errorCodes.length === 0 ? {} : { errorCodes: record.errorCodes.slice(0, 10) }),
    ...(request.isAborted ? { aborted: true } : {}),
  };
  if (request.status >= 500) logger.warn(fields, 'request');
  else if (request.isPolled) logger.debug(fields, 'request');
  else logger.info(fields, 'request');
}
