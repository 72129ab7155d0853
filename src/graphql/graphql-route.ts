import type { ApolloServer, ApolloServerPlugin, HTTPGraphQLHead } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { RenewedSession } from '#src/access/call';
import type { GateKeeper, LoadFacts } from '#src/access/gate';
import { toGraphqlError } from '#src/graphql/denials';
import { identifyCaller, type CallerParts } from '#src/graphql/identify-caller';
import type { KnownQueries } from '#src/graphql/known-queries';
import { OwnUser, type OwnReadMemory } from '#src/graphql/own-user';
import { createLoaders, type RequestContext } from '#src/graphql/request-context';
import { challengeStepUp } from '#src/graphql/step-up-challenge';
import { readCookie } from '#src/http/cookies';
import { csrfVerdict } from '#src/http/csrf';
import type { Route } from '#src/http/routes';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** What it takes to make the context of a request. */
export interface ContextParts extends CallerParts {
  readonly keeper: GateKeeper;
  readonly loadFacts: (context: RequestContext) => LoadFacts;
  /** The `Set-Cookie` header for a new secret of the caller's session; null when its change was not committed. */
  readonly renewCookie: (store: Store, renewed: RenewedSession) => Promise<string | null>;
}

export interface GraphqlRouteParts extends ContextParts {
  readonly apollo: ApolloServer<RequestContext>;
  /** The short way for queries that were validated before; null: none. */
  readonly known: KnownQueries | null;
  /** Answers a browser that opens the address; null when GraphiQL is off. */
  readonly page: ((request: FastifyRequest, reply: FastifyReply) => unknown) | null;
  readonly wantsPage: (request: FastifyRequest) => boolean;
}

type RouteHandler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** No weak map: see `parent-pages.ts`. */
const contextOf = Symbol('context');
type Carrier = FastifyRequest & { [contextOf]?: RequestContext };

const actorCookieName = 'gid_actor';
const deviceCookieName = 'gid_mfa';

/** `POST /graphql`, and `GET /graphql` for queries. The caller is known before the operation is parsed. */
export function createGraphqlRoute(parts: GraphqlRouteParts): Route {
  const handle = fastifyApolloHandler(parts.apollo, {
    context: (request) => Promise.resolve((request as Carrier)[contextOf] as RequestContext),
  });
  return {
    methods: ['GET', 'POST'],
    path: '/graphql',
    handler: async (request, reply) => {
      if (parts.page && request.method === 'GET' && parts.wantsPage(request))
        return parts.page(request, reply);
      const query = parts.known?.find(request);
      const context = await createContext(parts, request, reply, query?.own);
      if (query) {
        const answer = await parts.known?.answer(query, request, context);
        if (answer) return reply.header('content-type', 'application/json; charset=utf-8').send(answer);
      }
      (request as Carrier)[contextOf] = context;
      return (handle as unknown as RouteHandler)(request, reply);
    },
  };
}

/** What the resolvers of this request share; refuses callers that cannot be recognised and requests of foreign sites. */
export async function createContext(
  parts: ContextParts,
  request: FastifyRequest,
  reply: Pick<FastifyReply, 'header'>,
  memory?: OwnReadMemory,
): Promise<RequestContext> {
  // Another request may have changed what is remembered by the time the answer is here.
  const ownRead = memory?.last ?? null;
  const { call, origin, sessionCookie, touch, ownRow } = await identifyCaller(parts, request, ownRead);
  const { principal, policy, store } = call;
  const { cookie } = request.headers;
  const deviceCookie = readCookie(cookie, deviceCookieName, parts.isSecureIssuer);
  let renewed: RenewedSession | null = null;
  // Written out: objects that are put together of others cost the engine as much as the rest of this function.
  const context: RequestContext = {
    requestId: call.requestId,
    principal,
    policy,
    store,
    clock: call.clock,
    ids: call.ids,
    logger: call.logger,
    gate: parts.keeper.gateFor({ principal, policy }, (ownerId) => loadFacts(ownerId)),
    http: {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      sessionCookie,
      touch,
      actorCookie: readCookie(cookie, actorCookieName, parts.isSecureIssuer),
      cookieHeader: cookie,
      isBrowser: origin.origin !== undefined || origin.secFetchSite !== undefined || origin.hasCookie,
      credentialVerdict: csrfVerdict(origin, true, parts.allowedOrigins),
      setCookie: (header) => void reply.header('set-cookie', header),
      setHeader: (name, value) => void reply.header(name, value),
      complete: async () => {
        const header = renewed === null ? null : await parts.renewCookie(store, renewed);
        if (header !== null) void reply.header('set-cookie', header);
      },
      record: request.record,
    },
    load: createLoaders(() => context),
  };
  // SECURITY: beside a token the browser's cookie is not the caller's; nobody would wait for the new secret.
  if (origin.isCookieAuthenticated) {
    Object.assign(context, { renewed: (session: RenewedSession) => void (renewed = session) });
  }
  if (memory !== undefined) Object.assign(context, { own: new OwnUser(memory, ownRead, ownRow) });
  if (deviceCookie !== undefined) Object.assign(context, { deviceCookie });
  const loadFacts = parts.loadFacts(context);
  return context;
}

/** Notes for the log line and the metrics what the operation was; never its text or variables. */
export const recordOperation: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation, operationName, contextValue }) => {
        const { record } = contextValue.http;
        record.operationName = operationName;
        record.operationType = operation?.operation ?? null;
        if (operation?.operation === 'subscription')
          throw toGraphqlError(
            commonErrors.BAD_USER_INPUT({ message: 'Subscriptions are answered at /graphql/stream.' }),
          );
        return Promise.resolve();
      },
      willSendResponse: ({ response, contextValue }) => {
        const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
        if (errors)
          contextValue.http.record.errorCodes = errors.map((error) => String(error.extensions?.['code']));
        if (response.body.kind === 'single') answerTooMany(response.http, response.body.singleResult);
        return Promise.resolve();
      },
    }),
};

/** Hands out what an operation left for the headers: a renewed session cookie, and how to step up. */
export const completeAnswer: ApolloServerPlugin<RequestContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: async ({ response, contextValue: { http } }) => {
        await http.complete?.();
        const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
        challengeStepUp(http, errors);
      },
    }),
};

/** RFC 6585, section 4: an answer that holds nothing but "too many attempts" has its status, for proxies and clients that know no GraphQL. */
function answerTooMany(
  http: HTTPGraphQLHead,
  { data, errors = [] }: { readonly data?: unknown; readonly errors?: readonly GraphQLFormattedError[] },
): void {
  const [error, ...more] = errors;
  if (error?.extensions?.['code'] !== 'TOO_MANY_ATTEMPTS' || more.length > 0) return;
  if (data !== null && data !== undefined) return;
  http.status = 429;
  const seconds = error.extensions['retryAfter'];
  if (typeof seconds === 'number') http.headers.set('retry-after', String(seconds));
}
