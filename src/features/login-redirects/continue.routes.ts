import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from '#src/access/call';
import type { Platform } from '#src/access/platform';
import { isSecureIssuer } from '#src/config/origin';
import { deviceCookieName } from '#src/features/factors/devices/remembered-devices';
import type { LoginCookie } from '#src/features/providers/login/login-cookie';
import type { LoginFlow, LoginFlows } from '#src/features/providers/login/login-flow';
import type { SessionCookie } from '#src/features/sessions/session-cookie';
import { anonymousCall } from '#src/http/anonymous-call';
import { clearCookieHeader, readCookie } from '#src/http/cookies';
import { orErrorPage, type WayOn } from '#src/http/pages/error-page';
import { markup } from '#src/http/pages/html';
import { sendPage } from '#src/http/pages/page';
import { leaveFrom, resent, sendResendPage } from '#src/http/pages/resend-page';
import type { Route } from '#src/http/routes';
import { visitCookie } from './depart';
import { startOver } from './start-over';
import { resume, type Resumed, type ResumeParts } from './resume';
import { hashSecret } from '#src/shared/secret-hash';
import { formOf } from '#src/http/form-body';
import { openApplicationPage } from '#src/http/pages/leave';

export interface ContinueRouteParts extends ResumeParts {
  readonly platform: Platform;
  readonly sessionCookie: SessionCookie;
  readonly loginCookie: LoginCookie;
  readonly loginFlows: LoginFlows;
}

/** `/continue`: where pages send the browser back to in the middle of a sign-in. */
export function continueRoutes(parts: ContinueRouteParts): readonly Route[] {
  const handler = (request: FastifyRequest, reply: FastifyReply) => goOn(parts, request, reply);
  return [
    { methods: ['GET'], path: '/continue', handler },
    { methods: ['POST'], path: '/continue', takesForm: true, handler },
  ];
}

function goOn(
  parts: ContinueRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const fields = fieldsOf(request);
  const { cookie } = request.headers;
  const isSecure = isSecureIssuer(parts.platform.config.http);
  const state = fields.get('state') ?? '';
  const bound = visitCookie(hashSecret(state));
  const bindingSecret = readCookie(cookie, bound, isSecure) ?? null;
  const work = async () => {
    if (request.method === 'POST' && bindingSecret === null && !fields.has(resent))
      return sendResendPage(request, reply, fields, 'You are on your way back.');
    const deviceCookie = readCookie(cookie, deviceCookieName, isSecure);
    const call = {
      ...anonymousCall(parts.platform, request),
      ...(deviceCookie === undefined ? {} : { deviceCookie }),
    };
    const answer = {
      ...{ state, bindingSecret },
      sessionToken: fields.get('session_token'),
      error: fields.get('error'),
    };
    void reply.header('set-cookie', clearCookieHeader(bound, isSecure)).header('cache-control', 'no-store');
    const resumed = await resume(parts, call, answer, {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      sessionCookie: parts.sessionCookie.read(cookie) ?? undefined,
      cookies: cookie,
    });
    return arrive(parts, call, { request, reply, fields }, resumed);
  };
  const wayOn: WayOn = async () => {
    const call = anonymousCall(parts.platform, request);
    const url = await startOver(parts, call, { state, bindingSecret });
    return url === null ? null : { url, label: 'Start again' };
  };
  return orErrorPage(reply, work, undefined, wayOn);
}

/** Those of the address and of the form; the form's come first. */
function fieldsOf(request: FastifyRequest): URLSearchParams {
  const { searchParams } = new URL(request.url, 'http://localhost');
  return new URLSearchParams([...new Map([...searchParams, ...formOf(request)])]);
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly fields: URLSearchParams;
}

/** What the browser gets when the sign-in goes on: the place where the person wanted to go, or the next step. */
async function arrive(
  parts: ContinueRouteParts,
  call: Call,
  exchange: Exchange,
  { outcome, returnUrl }: Resumed,
): Promise<FastifyReply> {
  const { reply, fields } = exchange;
  switch (outcome.kind) {
    case 'LOGGED_IN':
      void reply.header('set-cookie', [...outcome.setCookies]);
      return leaveTo(reply, fields, returnUrl ?? '/login?done=1');
    case 'REDIRECT_REQUIRED':
      return leaveTo(reply.header('set-cookie', [...outcome.setCookies]), fields, outcome.url);
    case 'MFA_CHALLENGE': {
      const { mfaToken: token, factors } = outcome;
      return goOnAtPage(parts, call, exchange, { returnUrl, token, factors });
    }
    case 'ORGANIZATION_CHOICE':
      return goOnAtPage(parts, call, exchange, { returnUrl, token: outcome.choiceToken, isChoice: true });
    default:
      return again(reply);
  }
}

/** What is still missing is asked for by the gateway's own page, wherever the sign-in began: it knows where the browser goes afterwards. */
async function goOnAtPage(
  { sessions, loginCookie, loginFlows }: ContinueRouteParts,
  call: Call,
  { request, reply, fields }: Exchange,
  waiting: Pick<LoginFlow, 'returnUrl' | 'factors' | 'isChoice'> & { readonly token: string },
): Promise<FastifyReply> {
  const { clientId, organizationId } = await sessions.pendingSignIn(call, waiting.token);
  const bound = loginCookie.renew(request.headers.cookie);
  const flow = { clientId, organizationId, startedAt: call.clock.now(), ...waiting };
  const query = new URLSearchParams({ flow: loginFlows.seal(flow, bound.secret) });
  return leaveTo(reply.header('set-cookie', bound.setCookie), fields, `/login?${query.toString()}`);
}

function leaveTo(reply: FastifyReply, fields: URLSearchParams, url: string): FastifyReply {
  if (/^(https?:|\/)/.test(url)) return leaveFrom(reply, fields, url);
  return sendPage(reply, openApplicationPage(url));
}

function again(reply: FastifyReply): FastifyReply {
  const body = markup`<p class="problem" role="alert">Something about your account has changed meanwhile. Go back to the application and sign in again.</p>`;
  return sendPage(reply, { status: 403, title: 'Sign in again', body });
}
