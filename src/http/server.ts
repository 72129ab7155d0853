import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import createFastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { HttpConfig } from '#src/config/http';
import { isSecureIssuer } from '#src/config/origin';
import type { Logger } from '#src/shared/logger';
import { corsHeaders, preflightHeaders, type Origins } from './cors';
import { publicError, sendError } from './error-answer';
import { formLimitBytes, parseFormBody } from './form-body';
import { createHealth } from './health';
import { httpErrors } from './http.errors';
import { parseJsonBody } from './json-body';
import { listen } from './listen';
import type { FormTokens } from '#src/http/pages/form-token';
import { ownFormsOnly } from '#src/http/pages/own-form';
import type { Metrics } from './metrics';
import { headerProblem } from './request-checks';
import { createOutageLog } from './outage-log';
import { logRequest } from './request-log';
import { newRequestRecord } from './request-record';
import type { Route } from './routes';
import { trackRequests } from './running-requests';
import { securityHeaders } from './security-headers';
import { answerSocketError } from './socket-errors';

export interface HttpServerParts {
  readonly config: HttpConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly routes: readonly Route[];
  /** Origins whose pages may read answers. */
  readonly origins: Origins;
  /** Tells forms of our own pages from others. */
  readonly formTokens: FormTokens;
  /** Resolves when the database answers. */
  readonly ping: () => Promise<void>;
}

export interface HttpServer {
  readonly fastify: FastifyInstance;
  /** Begins to accept requests; answers the URL to use on this machine. */
  listen(): Promise<string>;
  /**
   * Says not ready, stops accepting after `stopDelayMs`, lets running requests finish within `drainMs` and cuts the rest.
   * Resolves when no connection is left; a second call answers the same promise.
   */
  close(): Promise<void>;
}

/** The HTTP server: what holds for every request, whatever route answers it. */
export function createHttpServer(parts: HttpServerParts): HttpServer {
  const { config, logger, metrics, routes, origins, ping, formTokens } = parts;
  const headers = securityHeaders(isSecureIssuer(config));
  const health = createHealth(ping);
  const allRoutes = [...health.routes, metrics.route, ...routes];
  const streams = new Set(allRoutes.filter((route) => route.isStream).map((route) => route.path));
  const endless = new Set(allRoutes.filter((route) => route.isEndless).map((route) => route.path));
  const ownCors = new Set(allRoutes.filter((route) => route.ownsCors).map((route) => route.path));
  const polled = new Set(allRoutes.filter((route) => route.isPolled).map((route) => route.path));
  const running = trackRequests(config.deadlineMs, (reply) => {
    void reply.send(httpErrors.DEADLINE_EXCEEDED({ extensions: { limitMs: config.deadlineMs } }));
  });
  metrics.watchRunning(() => running.count);

  const noteOutage = createOutageLog(logger);
  const fail = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = publicError(thrown, request.id, config.bodyLimitBytes, logger);
    noteOutage(error);
    // A request that was refused before any hook ran has neither record nor headers.
    if (request.record) request.record.errorCodes = [error.code];
    else void reply.headers(headers);
    return sendError(request, reply, error);
  };

  const fastify: FastifyInstance = createFastify({
    logger: false,
    bodyLimit: config.bodyLimitBytes,
    // Hop 0 is the peer of the connection itself: it is believed only when a proxy is said to stand there.
    trustProxy: config.trustedProxies === 0 ? false : (_address, hop) => hop < config.trustedProxies,
    genReqId: requestIds(config.trustRequestId),
    forceCloseConnections: 'idle',
    // A request that still reaches this process while it drains is served: nobody else will.
    return503OnClosing: false,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    requestTimeout: config.requestTimeoutMs,
    http: {
      maxHeaderSize: config.headerBytes,
      headersTimeout: Math.min(config.headersTimeoutMs, config.requestTimeoutMs),
      connectionsCheckingInterval: Math.min(1_000, config.headersTimeoutMs),
    },
    clientErrorHandler: (error, socket) => answerSocketError(error, socket),
    frameworkErrors: (error, request, reply) => void fail(error, request, reply),
  });

  fastify.decorate('formTokens', formTokens);
  fastify.decorateRequest('record', null as never);
  fastify.addHook('onRequest', (request, reply, done) => {
    request.record = newRequestRecord();
    const startedAt = performance.now();
    const isStream = streams.has(request.routeOptions.url ?? '');
    running.add(reply, isStream || endless.has(request.routeOptions.url ?? ''), (isAborted) => {
      const served = {
        requestId: request.id,
        method: request.method,
        route: request.is404 ? null : (request.routeOptions.url ?? null),
        status: reply.statusCode,
        milliseconds: performance.now() - startedAt,
        isAborted,
        isPolled: polled.has(request.routeOptions.url ?? ''),
        record: request.record,
      };
      metrics.served(served);
      logRequest(logger, served);
    });
    void reply.headers(headers).header('x-request-id', request.id);
    const problem = headerProblem(request.method, request.headers, config, isStream);
    if (problem) {
      done(problem);
      return;
    }
    const { origin } = request.headers;
    if (origin !== undefined && !ownCors.has(request.routeOptions.url ?? '')) {
      if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
        void reply.code(204).headers(preflightHeaders(origin, origins)).send();
        return;
      }
      void reply.headers(corsHeaders(origin, origins));
    }
    done();
  });

  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer, config.jsonDepth));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.setErrorHandler((error, request, reply) => fail(error, request, reply));
  fastify.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0];
    const methods = new Set(
      allRoutes.filter((route) => route.path === path).flatMap((route) => route.methods),
    );
    if (methods.size === 0) return fail(httpErrors.ROUTE_NOT_FOUND(), request, reply);
    void reply.header('allow', [...methods].join(', '));
    return fail(httpErrors.METHOD_NOT_ALLOWED(), request, reply);
  });
  const add = (scope: FastifyInstance, { methods, path, handler, formBytes }: Route): void => {
    const limit = formBytes === undefined ? {} : { bodyLimit: formBytes };
    scope.route({ method: [...methods], url: path, handler, ...limit });
  };
  for (const route of allRoutes.filter(({ isStream, takesForm }) => !isStream && !takesForm))
    add(fastify, route);
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, next) => next(null));
    for (const route of allRoutes.filter((candidate) => candidate.isStream)) add(scope, route);
    done();
  });
  void fastify.register((scope, _options, done) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', formOptions, (_request, body, parsed) => {
      try {
        parsed(null, parseFormBody(body as unknown as Buffer));
      } catch (error) {
        parsed(error as Error);
      }
    });
    for (const route of allRoutes.filter(({ takesForm }) => takesForm)) add(scope, ownFormsOnly(route));
    done();
  });

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    health.drain();
    if (fastify.server.listening) await pause(config.stopDelayMs);
    running.closeConnectionsAfterwards();
    const cut = setTimeout(() => fastify.server.closeAllConnections(), config.drainMs);
    await fastify.close().finally(() => clearTimeout(cut));
    running.stop();
    metrics.close();
  };
  return { fastify, listen: () => listen(fastify, config), close: () => (closing ??= close()) };
}

const formOptions = { parseAs: 'buffer', bodyLimit: formLimitBytes } as const;

/** SECURITY: an id from outside could forge log lines or hide a request among others, so none is taken over by default. */
function requestIds(isTrusted: boolean): (request: IncomingMessage) => string {
  return ({ headers }) => {
    const given = headers['x-request-id'];
    return isTrusted && typeof given === 'string' && /^[\w.-]{8,100}$/.test(given) ? given : randomUUID();
  };
}
