import type { FastifyReply, FastifyRequest } from 'fastify';
import { deviceCookieName } from '#src/features/factors/devices/remembered-devices';
import type { LoginFlow } from '#src/features/providers/login/login-flow';
import { isSecureIssuer } from '#src/config/origin';
import { anonymousCall } from '#src/http/anonymous-call';
import { readCookie } from '#src/http/cookies';
import { orErrorPage } from '#src/http/pages/error-page';
import { Html, markup } from '#src/http/pages/html';
import { sendPage, type Page } from '#src/http/pages/page';
import type { Route } from '#src/http/routes';
import { askFurther } from './go-on';
import { askLink } from './link-steps';
import type { Answer, LoginPageParts, Visit } from './login-parts';
import { endPage, flowPlace } from '#src/features/login-pages/pages/frame';
import { applicationOf, startFlow } from './start-flow';
import { firstPage } from './steps';
import { takeStep } from './take-step';
import { formOf } from '#src/http/form-body';
import { leave } from '#src/http/pages/leave';

/** `/login`: the gateway's own sign-in page. GET begins or goes on, POST takes one step; everything works without script but passkeys. */
export function loginPageRoutes(parts: LoginPageParts): readonly Route[] {
  return [
    { methods: ['GET'], path: '/login', handler: (request, reply) => show(parts, request, reply) },
    {
      methods: ['POST'],
      path: '/login',
      takesForm: true,
      isOwnForm: true,
      handler: (request, reply) => submit(parts, request, reply),
    },
  ];
}

function show(parts: LoginPageParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return orErrorPage(reply, async () => {
    const query = new URL(request.url, 'http://localhost').searchParams;
    if (query.has('done')) return sendPage(reply, endPage('You are signed in', 'You can go on now.'));
    const visit = visitOf(parts, request, new Map());
    const sealed = query.get('flow');
    if (sealed !== null) {
      const flow = opened(parts, request, visit, sealed);
      if (flow === null || (flow.token ?? flow.link) === undefined) return sendPage(reply, oldPage());
      const application = await applicationOf(parts, visit.call, flow.clientId, flow.organizationId);
      const going = { ...visit, flow, application };
      const page = flow.link === undefined ? askFurther(parts, going) : askLink(parts, going);
      return send(parts, request, reply, await page);
    }
    const started = await startFlow(parts, visit.call, query);
    return send(parts, request, reply, await firstPage(parts, { ...visit, ...started }));
  });
}

function submit(parts: LoginPageParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return orErrorPage(reply, async () => {
    const form = formOf(request);
    const visit = visitOf(parts, request, form);
    const flow = opened(parts, request, visit, form.get('flow') ?? '');
    if (flow === null) return sendPage(reply, oldPage());
    const application = await applicationOf(parts, visit.call, flow.clientId, flow.organizationId);
    const browser = { ...visit.browser, returnUrl: flow.returnUrl };
    return send(parts, request, reply, await takeStep(parts, { ...visit, browser, flow, application }));
  });
}

function opened(
  { loginFlows, loginCookie }: LoginPageParts,
  request: FastifyRequest,
  { call }: Pick<Visit, 'call'>,
  sealed: string,
): LoginFlow | null {
  return loginFlows.open(sealed, loginCookie.read(request.headers.cookie), call.clock.now());
}

function visitOf(
  { platform, sessionCookie }: LoginPageParts,
  request: FastifyRequest,
  form: ReadonlyMap<string, string>,
): Omit<Visit, 'flow' | 'application'> {
  const { cookie } = request.headers;
  const deviceCookie = readCookie(cookie, deviceCookieName, isSecureIssuer(platform.config.http));
  return {
    call: { ...anonymousCall(platform, request), ...(deviceCookie === undefined ? {} : { deviceCookie }) },
    browser: {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      sessionCookie: sessionCookie.read(cookie) ?? undefined,
      cookies: cookie,
    },
    form,
  };
}

function send(
  parts: LoginPageParts,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
): FastifyReply {
  if ('goesTo' in answer) {
    return leave(reply.header('set-cookie', [...answer.setCookies]), answer.goesTo);
  }
  const { setCookies = [] } = answer;
  if (setCookies.length > 0) void reply.header('set-cookie', [...setCookies]);
  if (answer.flow === null) return sendPage(reply, answer.page);
  const bound = parts.loginCookie.renew(request.headers.cookie);
  void reply.header('set-cookie', bound.setCookie);
  const text = markup`${parts.loginFlows.seal(answer.flow, bound.secret)}`.text;
  const body = new Html(answer.page.body.text.replaceAll(flowPlace, () => text));
  return sendPage(reply, { ...answer.page, body });
}

function oldPage(): Page {
  return endPage(
    'Start again',
    'This page is too old, or your browser keeps no cookies. Go back to the application and sign in from there.',
    400,
  );
}
