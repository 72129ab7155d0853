import type { FastifyRequest } from 'fastify';
import type { Call } from '#src/access/call';
import { pinPolicy, type PolicySource } from '#src/access/platform';
import type { Authenticate } from '#src/graphql/authenticate';
import { readCookie } from '#src/http/cookies';
import type { Origins } from '#src/http/cors';
import { csrfVerdict, type RequestOrigin } from '#src/http/csrf';
import { httpErrors } from '#src/http/http.errors';
import type { OwnRead } from '#src/graphql/own-user';
import type { Clock } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import type { Logger } from '#src/shared/logger';
import type { Storage } from '#src/storage/store';

/** What it takes to know who sends a request, whatever route answers it. */
export interface CallerParts {
  readonly authenticate: Authenticate;
  readonly policies: PolicySource;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly allowedOrigins: Origins;
  readonly isSecureIssuer: boolean;
}

export interface IdentifiedCaller {
  readonly call: Call;
  readonly sessionCookie: string | undefined;
  /** Counts the request as use of the session of its cookie. */
  readonly touch: () => void;
  readonly origin: RequestOrigin;
  /** What `ownRead` found of the user. */
  readonly ownRow: object | null;
}

const sessionCookieName = 'gid_session';

/** Recognises the caller of a request and refuses one that another site made a browser send. */
export async function identifyCaller(
  parts: CallerParts,
  request: FastifyRequest,
  ownRead: OwnRead | null = null,
): Promise<IdentifiedCaller> {
  const store = parts.storage.open();
  request.record.statements = () => store.statements;
  const { headers } = request;
  const sessionCookie = readCookie(headers.cookie, sessionCookieName, parts.isSecureIssuer);
  let touch = (): void => undefined;
  const {
    principal,
    via,
    ownRow = null,
  } = await parts.authenticate(
    {
      authorization: headers.authorization,
      sessionCookie,
      from: { ip: request.ip, userAgent: headers['user-agent'] ?? null },
      ownRead,
    },
    store,
    (later) => (touch = later),
  );
  const origin: RequestOrigin = {
    origin: headers.origin,
    secFetchSite: singleHeader(headers['sec-fetch-site']),
    hasCookie: headers.cookie !== undefined,
    isCookieAuthenticated: via === 'cookie',
  };
  const verdict = csrfVerdict(origin, false, parts.allowedOrigins);
  if (verdict !== 'allowed') throw httpErrors.CSRF_REJECTED({ extensions: { reason: verdict } });
  const call: Call = {
    requestId: request.id,
    principal,
    policy: pinPolicy(parts.policies),
    store,
    clock: parts.clock,
    ids: parts.ids,
    logger: parts.logger,
  };
  return { call, sessionCookie, touch: () => touch(), origin, ownRow };
}

function singleHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
