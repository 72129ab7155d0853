import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Platform } from '#src/access/platform';
import type { SessionCookie } from '#src/features/sessions/session-cookie';
import { anonymousCall } from '#src/http/anonymous-call';
import { markup } from '#src/http/pages/html';
import { statusOf } from '#src/http/error-answer';
import { sendPage } from '#src/http/pages/page';
import type { Route } from '#src/http/routes';
import { GatehouseError } from '#src/shared/errors';
import { beginLogin } from './begin-login';
import { finishLogin } from './finish-login';
import type { LoginCookie } from './login-cookie';
import type { LoginParts } from './login-parts';

export interface LoginRouteParts extends LoginParts {
  readonly platform: Platform;
  readonly loginCookie: LoginCookie;
  readonly sessionCookie: SessionCookie;
}

interface ConnectionParams {
  readonly connection: string;
}

/** Set by the page that sends an answer once more, so that it is sent on no third time. */
const resent = 'gid_resent';

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
      path: '/login/callback/:connection',
      handler: (request, reply) =>
        finish(parts, request, reply, new URL(request.url, parts.issuer).searchParams),
    },
    {
      methods: ['POST'],
      path: '/login/callback/:connection',
      takesForm: true,
      handler: (request, reply) => {
        const form = new URLSearchParams([...((request.body ?? new Map()) as ReadonlyMap<string, string>)]);
        const isBound = parts.loginCookie.read(request.headers.cookie) !== null;
        // A cross-site POST brings no Lax cookie; the page sends the same fields again from here, and then it comes along.
        if (!isBound && !form.has(resent)) return sendResendPage(request, reply, form);
        form.delete(resent);
        return finish(parts, request, reply, form);
      },
    },
  ];
}

function begin(parts: LoginRouteParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return orErrorPage(reply, async () => {
    const { connection } = request.params as ConnectionParams;
    const query = new URL(request.url, parts.issuer).searchParams;
    const bound = parts.loginCookie.renew(request.headers.cookie);
    const wanted = {
      connection,
      clientId: query.get('client_id') ?? '',
      organizationId: query.get('organization'),
      returnTo: query.get('return_to'),
    };
    const browser = { bindingSecret: bound.secret, ip: request.ip };
    const url = await beginLogin(parts, anonymousCall(parts.platform, request), wanted, browser);
    return reply.header('set-cookie', bound.setCookie).header('cache-control', 'no-store').redirect(url, 303);
  });
}

function finish(
  parts: LoginRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: URLSearchParams,
): Promise<FastifyReply> {
  return orErrorPage(reply, async () => {
    const { connection } = request.params as ConnectionParams;
    const { cookie } = request.headers;
    const answer = { connection, parameters, bindingSecret: parts.loginCookie.read(cookie) };
    const browser = {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      sessionCookie: parts.sessionCookie.read(cookie) ?? undefined,
      cookieMode: 'persistent' as const,
    };
    const done = await finishLogin(parts, anonymousCall(parts.platform, request), answer, browser);
    if (done.setCookie !== null) void reply.header('set-cookie', done.setCookie);
    return (
      reply
        .header('cache-control', 'no-store')
        // SECURITY: the address of this answer holds a code; it must not reach the next page as a referrer.
        .header('referrer-policy', 'no-referrer')
        .redirect(done.url, 303)
    );
  });
}

/** What people can do something about is shown to them; everything else is answered as any failure of the server. */
async function orErrorPage(reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.kind === 'internal') throw error;
    return sendPage(reply, {
      status: statusOf(error),
      title: 'Signing in did not work',
      body: markup`<p class="problem">${error.message}</p>
        <p class="hint">Code: ${error.code}</p>`,
    });
  }
}

function sendResendPage(request: FastifyRequest, reply: FastifyReply, form: URLSearchParams): FastifyReply {
  const fields = [...form, [resent, '1'] as const].map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}" />`,
  );
  const { pathname } = new URL(request.url, 'http://localhost');
  return sendPage(reply, {
    status: 200,
    title: 'Continue signing in',
    body: markup`<p>Your provider has answered.</p>
      <form method="post" action="${pathname}">
        ${fields}
        <button type="submit">Continue</button>
      </form>`,
  });
}
