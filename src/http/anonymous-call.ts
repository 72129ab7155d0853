import type { FastifyRequest } from 'fastify';
import type { Call } from '#src/access/call';
import { pinPolicy, type Platform } from '#src/access/platform';
import { anonymous } from '#src/access/principal';

/** The call of a visitor of a page: nobody in particular, under the stored rules of this moment. Its statements count in the log line. */
export function anonymousCall(
  { storage, clock, ids, logger, policies }: Platform,
  request: FastifyRequest,
): Call {
  const store = storage.open();
  request.record.statements = () => store.statements;
  return {
    requestId: request.id,
    principal: anonymous,
    policy: pinPolicy(policies),
    ...{ store, clock, ids, logger },
  };
}
