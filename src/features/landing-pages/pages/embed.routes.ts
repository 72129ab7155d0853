import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from '#src/config/origin';
import type { Call } from '#src/access/call';
import type { Platform } from '#src/access/platform';
import { beginFlow } from '#src/features/landing-pages/flows/begin-flow';
import { secretForm, type LandingPageParts } from '#src/features/landing-pages/flows/landing-page-parts';
import {
  findFlow,
  findFlowInBrowser,
  findOriginListed,
} from '#src/features/landing-pages/flows/landing-page-flow.repository';
import { sendToProvider } from '#src/features/landing-pages/flows/send-flow';
import { codeFor, takeProfile } from '#src/features/landing-pages/flows/take-profile';
import { landingPageErrors } from '#src/features/landing-pages/landing-page.errors';
import type { LoginCookie } from '#src/features/providers/login/login-cookie';
import { orErrorPage } from '#src/http/pages/error-page';
import { anonymousCall } from '#src/http/anonymous-call';
import type { Route } from '#src/http/routes';
import { embedScript } from './embed-script';
import { openerKept, sendPopupEnd } from './popup-page';
import { hashSecret } from '#src/shared/secret-hash';

export interface EmbedRouteParts extends LandingPageParts {
  readonly platform: Platform;
  readonly loginCookie: LoginCookie;
}

type Work = (parts: EmbedRouteParts, request: FastifyRequest, reply: FastifyReply) => unknown;

/** What pages of other origins load and call, and what a popup of theirs passes through. */
export function embedRoutes(parts: EmbedRouteParts): readonly Route[] {
  const route = (method: 'GET' | 'POST' | 'OPTIONS', path: string, work: Work): Route => ({
    ...{ methods: [method], path, ownsCors: true },
    handler: (request, reply) => work(parts, request, reply),
  });
  return [
    route('GET', '/embed/v1.js', sendScript),
    route('OPTIONS', '/embed/start', answerPreflight),
    route('POST', '/embed/start', start),
    route('OPTIONS', '/embed/token', answerPreflight),
    route('POST', '/embed/token', token),
    route('GET', '/embed/authorize', authorize),
    route('GET', '/embed/callback', callback),
  ];
}

/** A version never changes, so that pages may name its hash and browsers keep it. */
function sendScript(_parts: EmbedRouteParts, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return (
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      // The hash is compared only where the browser may read the script; it holds nothing of anybody.
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .type('text/javascript; charset=utf-8')
      .send(embedScript)
  );
}

async function answerPreflight(
  { platform }: EmbedRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { origin } = request.headers;
  const { store } = anonymousCall(platform, request);
  if (origin === undefined || !(await findOriginListed(store, origin)))
    throw landingPageErrors.LANDING_PAGE_REFUSED();
  return allow(reply, origin)
    .header('access-control-allow-methods', 'POST')
    .header('access-control-allow-headers', 'content-type')
    .header('access-control-max-age', '600')
    .code(204)
    .send();
}

/** SECURITY: never with credentials; a listed page reads what it may fetch by its verifier, and nothing by the visitor's cookies. */
function allow(reply: FastifyReply, origin: string): FastifyReply {
  return reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
}

async function start(parts: EmbedRouteParts, request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const call = anonymousCall(parts.platform, request);
  const field = textsOf(request.body);
  const application = await parts.pages.enabled(call.store, field('clientId') ?? '');
  const { origin } = request.headers;
  // SECURITY: one answer, without CORS headers, whether the page is unknown, switched off or another origin's.
  if (application === null || origin === undefined || !application.allowedEmbedOrigins.includes(origin)) {
    throw landingPageErrors.LANDING_PAGE_REFUSED();
  }
  void allow(reply, origin);
  return beginFlow(
    parts,
    call,
    { application, origin, ip: request.ip },
    {
      ...{ connection: field('connection') ?? '', challenge: field('challenge') ?? '' },
      ...{ mode: field('mode') ?? 'popup', page: field('page'), consentTextId: field('consentTextId') },
    },
  );
}

async function token(parts: EmbedRouteParts, request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const call = anonymousCall(parts.platform, request);
  const field = textsOf(request.body);
  const handle = field('handle') ?? '';
  const { origin } = request.headers;
  const flow = secretForm.test(handle) ? await findFlow(call.store, hashSecret(handle)) : null;
  if (flow === null || flow.origin !== origin || !(await isListed(parts, call, flow.applicationId, origin))) {
    throw landingPageErrors.LANDING_PAGE_REFUSED();
  }
  void allow(reply, origin);
  const asked = { verifier: field('verifier') ?? '', code: field('code') };
  const taken = await takeProfile(parts, call, flow, asked);
  if (taken !== null) return taken;
  void reply.code(202);
  return { pending: true };
}

/** The page may have been taken off the list since it began. */
async function isListed(
  { pages }: EmbedRouteParts,
  { store }: Call,
  applicationId: string,
  origin: string,
): Promise<boolean> {
  return (await pages.enabled(store, applicationId))?.allowedEmbedOrigins.includes(origin) === true;
}

/** Nobody signs in here: a page asked for a profile. */
const title = 'Your details could not be fetched';

function authorize(
  parts: EmbedRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return orErrorPage(
    reply,
    async () => {
      const bound = parts.loginCookie.renew(request.headers.cookie);
      const url = await sendToProvider(
        parts,
        anonymousCall(parts.platform, request),
        handleOf(parts, request),
        {
          bindingSecret: bound.secret,
          cameFrom: originOf(request.headers.referer),
        },
      );
      return openerKept(reply).header('set-cookie', bound.setCookie).redirect(url, 303);
    },
    title,
  );
}

function callback(
  parts: EmbedRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  return orErrorPage(
    reply,
    async () => {
      const call = anonymousCall(parts.platform, request);
      const handle = handleOf(parts, request);
      const bindingSecret = parts.loginCookie.read(request.headers.cookie);
      const flow =
        bindingSecret === null || !secretForm.test(handle)
          ? null
          : await findFlowInBrowser(call.store, {
              handleHash: hashSecret(handle),
              bindingHash: hashSecret(bindingSecret),
            });
      if (flow === null) throw landingPageErrors.PROFILE_LINK_INVALID();
      return sendPopupEnd(reply, { handle, origin: flow.origin, code: await codeFor(call, flow) });
    },
    title,
  );
}

function handleOf({ issuer }: EmbedRouteParts, request: FastifyRequest): string {
  return new URL(request.url, addressOf(issuer, '/')).searchParams.get('handle') ?? '';
}

function originOf(referer: string | undefined): string | null {
  return referer !== undefined && URL.canParse(referer) ? new URL(referer).origin : null;
}

/** The texts of a JSON object; whatever else was sent is absent. */
function textsOf(body: unknown): (name: string) => string | null {
  const given = body !== null && typeof body === 'object' && !Array.isArray(body) ? body : {};
  return (name) => {
    const value = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : null;
    return typeof value === 'string' && value.length <= 2_048 ? value : null;
  };
}
