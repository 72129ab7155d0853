import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Platform } from '#src/access/platform';
import type { SessionCookie } from '#src/features/sessions/session-cookie';
import { backFromProvider } from '#src/features/providers/logout/leave-provider';
import { signedOutPage } from '#src/features/sessions/logout/logout-pages';
import { sendPage } from '#src/http/pages/page';
import { anonymousCall } from '#src/http/anonymous-call';
import type { Route } from '#src/http/routes';
import type { AnswerTaker } from './answer-taker';
import type { Call } from '#src/access/call';
import { openConnecting } from '#src/features/providers/connecting/open-connecting';
import { beginLogin, type BegunLogin } from './begin-login';
import { finishLogin } from './finish-login';
import type { LoginCookie } from './login-cookie';
import { orErrorPage, type WayOn } from '#src/http/pages/error-page';
import { leaveFrom, resent, sendResendPage } from '#src/http/pages/resend-page';
import { sendRequestPage } from './login-pages';
import { otherWayIn, startAgain } from './start-again';
import type { LoginParts } from './login-parts';
import { wishesIn } from './login-wishes';
import { formOf } from '#src/http/form-body';
import { leave } from '#src/http/pages/leave';

export interface LoginRouteParts extends LoginParts {
  readonly platform: Platform;
  readonly loginCookie: LoginCookie;
  readonly sessionCookie: SessionCookie;
  /** Of later features. */
  readonly answerTakers: readonly AnswerTaker[];
}

interface ConnectionParams {
  readonly connection: string;
}

/** `/login/:connection` sends people to a provider; `/login/callback/:connection` takes its answer. */
export function loginRoutes(parts: LoginRouteParts): readonly Route[] {
  return [
    {
      methods: ['GET'],
      path: '/login/:connection',
      handler: (request, reply) => begin(parts, request, reply),
    },
    {
      methods: ['GET'],
      path: '/connect',
      handler: (request, reply) => connect(parts, request, reply),
    },
    {
      methods: ['GET'],
      path: '/login/callback/:connection',
      handler: (request, reply) => {
        const query = new URL(request.url, parts.issuer).searchParams;
        return query.get('logout') === '1'
          ? comeBack(parts, request, reply, query.get('state'))
          : finish(parts, request, reply, query);
      },
    },
    {
      methods: ['POST'],
      path: '/login/callback/:connection',
      takesForm: true,
      handler: (request, reply) => {
        const form = new URLSearchParams([...formOf(request)]);
        const isBound = parts.loginCookie.read(request.headers.cookie) !== null;
        // A cross-site POST brings no Lax cookie; the page sends the same fields again from here, and then it comes along.
        if (!isBound && !form.has(resent)) return sendResendPage(request, reply, form);
        return finish(parts, request, reply, form);
      },
    },
  ];
}

function begin(parts: LoginRouteParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { connection } = request.params as ConnectionParams;
  const query = new URL(request.url, parts.issuer).searchParams;
  const begun = {
    clientId: query.get('client_id') ?? '',
    organizationId: query.get('organization'),
    returnTo: query.get('return_to'),
  };
  const work = (): Promise<FastifyReply> => {
    const wanted = {
      ...{ connection, ...begun, loginHint: query.get('login_hint'), goesOn: 'PAGE' as const },
      ...wishesIn(query),
    };
    return depart(parts, request, reply, (call, browser) => beginLogin(parts, call, wanted, browser));
  };
  return orErrorPage(reply, work, undefined, async (error) => {
    const url = await otherWayIn(parts, anonymousCall(parts.platform, request), begun, error);
    return url === null ? null : { url, label: 'Sign in another way' };
  });
}

/** Somebody connects an account at a provider: the browser begins with the ticket that the application got. */
function connect(
  parts: LoginRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const work = (): Promise<FastifyReply> => {
    const ticket = new URL(request.url, parts.issuer).searchParams.get('ticket') ?? '';
    return depart(parts, request, reply, (call, browser) => openConnecting(parts, call, ticket, browser));
  };
  return orErrorPage(reply, work, 'Connecting the account did not work');
}

/** Leaves for the provider, bound to this browser. */
async function depart(
  parts: LoginRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  begin: (
    call: Call,
    browser: { readonly bindingSecret: string; readonly ip: string },
  ) => Promise<BegunLogin>,
): Promise<FastifyReply> {
  const bound = parts.loginCookie.renew(request.headers.cookie);
  const browser = { bindingSecret: bound.secret, ip: request.ip };
  const { url, form } = await begin(anonymousCall(parts.platform, request), browser);
  void reply.header('set-cookie', bound.setCookie);
  return form === null ? leave(reply, url) : sendRequestPage(reply, url, form);
}

/** Somebody has left the provider; the session here was over before. */
function comeBack(
  parts: LoginRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  state: string | null,
): Promise<FastifyReply> {
  const work = async (): Promise<FastifyReply> => {
    const { connection } = request.params as ConnectionParams;
    const url = await backFromProvider(parts, anonymousCall(parts.platform, request), { connection, state });
    if (url === null) return sendPage(reply, signedOutPage());
    return leave(reply, url);
  };
  return orErrorPage(reply, work, 'Signing out did not work');
}

function finish(
  parts: LoginRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: URLSearchParams,
): Promise<FastifyReply> {
  const { cookie } = request.headers;
  const work = async (): Promise<FastifyReply> => {
    const { connection } = request.params as ConnectionParams;
    const fields = new URLSearchParams(parameters);
    fields.delete(resent);
    const answer = { connection, parameters: fields, bindingSecret: parts.loginCookie.read(cookie) };
    const browser = {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      sessionCookie: parts.sessionCookie.read(cookie) ?? undefined,
      cookies: cookie,
      cookieMode: 'persistent' as const,
    };
    const call = anonymousCall(parts.platform, request);
    const taken = await takenElsewhere(parts, call, answer, request.ip);
    if (taken !== null) void reply.headers(taken.headers);
    const done = taken ?? (await finishLogin(parts, call, answer, browser));
    if (done.setCookie !== null) void reply.header('set-cookie', done.setCookie);
    return leaveFrom(reply, parameters, done.url);
  };
  return orErrorPage(reply, work, undefined, againFor(parts, request, parameters.get('state')));
}

/** The way to begin anew, for the page of an answer that was refused. */
export function againFor(parts: LoginRouteParts, request: FastifyRequest, state: string | null): WayOn {
  return async () => {
    const bindingSecret = parts.loginCookie.read(request.headers.cookie);
    const call = anonymousCall(parts.platform, request);
    const url = await startAgain(parts, call, { state, bindingSecret });
    return url === null ? null : { url, label: 'Start again' };
  };
}

async function takenElsewhere(
  { answerTakers }: LoginRouteParts,
  ...answered: Parameters<AnswerTaker>
): ReturnType<AnswerTaker> {
  for (const take of answerTakers) {
    const taken = await take(...answered);
    if (taken !== null) return taken;
  }
  return null;
}
