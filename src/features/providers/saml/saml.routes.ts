import type { FastifyReply, FastifyRequest } from 'fastify';
import { againFor, type LoginRouteParts } from '#src/features/providers/login/login.routes';
import { leaveFrom, resent, sendResendPage } from '#src/http/pages/resend-page';
import { orErrorPage } from '#src/http/pages/error-page';
import type { Call } from '#src/access/call';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { connectionErrors } from '#src/features/connections/connection.errors';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { anonymousCall } from '#src/http/anonymous-call';
import { httpErrors } from '#src/http/http.errors';
import { markup } from '#src/http/pages/html';
import { sendPage } from '#src/http/pages/page';
import type { Route } from '#src/http/routes';
import { finishSamlLogin, type SamlLoginParts } from './finish-saml-login';
import { serviceOptions } from './saml-options';
import type { LogoutCarrier } from './logout-message';
import { serviceMetadata } from './service-metadata';
import { takeLogoutMessage } from './single-logout';
import { formOf } from '#src/http/form-body';

export interface SamlRouteParts extends SamlLoginParts, LoginRouteParts {}

interface ConnectionParams {
  readonly connection: string;
}

/** A message of 256 KiB in base64, with what a form makes of `+` and `/`. */
const formBytes = 512 * 1_024;

/** What a SAML provider needs of the gateway: its metadata, and where answers and sign-outs are taken. */
export function samlRoutes(parts: SamlRouteParts): readonly Route[] {
  return [
    {
      methods: ['GET'],
      path: '/saml/:connection/metadata',
      handler: (request, reply) => sendMetadata(parts, request, reply),
    },
    {
      methods: ['POST'],
      path: '/saml/:connection/acs',
      ...{ takesForm: true, formBytes },
      handler: (request, reply) => takeAnswer(parts, request, reply),
    },
    {
      methods: ['GET'],
      path: '/saml/:connection/slo',
      handler: (request, reply) => {
        const at = request.url.indexOf('?');
        const rawQuery = at < 0 ? '' : request.url.slice(at + 1);
        return takeLogout(parts, request, reply, { rawQuery, fields: new URLSearchParams(rawQuery) });
      },
    },
    {
      methods: ['POST'],
      path: '/saml/:connection/slo',
      ...{ takesForm: true, formBytes },
      handler: (request, reply) =>
        takeLogout(parts, request, reply, {
          rawQuery: null,
          fields: new URLSearchParams([...formOf(request)]),
        }),
    },
  ];
}

/** The connection whose address was called; CONNECTION_NOT_FOUND for one of another protocol too. */
async function requireSaml(
  parts: SamlRouteParts,
  call: Call,
  request: FastifyRequest,
): Promise<ConnectionRow> {
  const { connection } = request.params as ConnectionParams;
  const row = await parts.connections.stored(call.store, connection);
  if (row === null || protocolOf(row.strategy) !== 'SAML') throw connectionErrors.CONNECTION_NOT_FOUND();
  return row;
}

function takeLogout(
  parts: SamlRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  carrier: LogoutCarrier,
): Promise<FastifyReply> {
  const work = async (): Promise<FastifyReply> => {
    const call = anonymousCall(parts.platform, request);
    const row = await requireSaml(parts, call, request);
    const { url } = await takeLogoutMessage(parts, call, row, { ...carrier, ip: request.ip });
    if (url !== null) return reply.header('cache-control', 'no-store').redirect(url, 303);
    const body = markup`<p>You can close this page.</p>`;
    return sendPage(reply, { status: 200, title: 'You are signed out', body });
  };
  return orErrorPage(reply, work, 'Signing out did not work');
}

async function sendMetadata(
  parts: SamlRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const call = anonymousCall(parts.platform, request);
  const row = await requireSaml(parts, call, request);
  const secrets = await parts.connectionSettings.secretsOf(call.store, row.id);
  const metadata = serviceMetadata(serviceOptions(parts.issuer, row, secrets));
  return reply.type('application/samlmetadata+xml; charset=utf-8').send(metadata);
}

function takeAnswer(
  parts: SamlRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = new URLSearchParams([...formOf(request)]);
  const work = async (): Promise<FastifyReply> => {
    const { cookie } = request.headers;
    const bindingSecret = parts.loginCookie.read(cookie);
    if (bindingSecret === null && !form.has(resent)) return sendResendPage(request, reply, form);
    const response = form.get('SAMLResponse');
    if (response === null) throw httpErrors.BAD_REQUEST();
    const answer = {
      connection: (request.params as ConnectionParams).connection,
      ...{ response, relayState: form.get('RelayState'), bindingSecret },
    };
    const browser = {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      sessionCookie: parts.sessionCookie.read(cookie) ?? undefined,
      cookies: cookie,
      cookieMode: 'persistent' as const,
    };
    const done = await finishSamlLogin(parts, anonymousCall(parts.platform, request), answer, browser);
    if (done.setCookie !== null) void reply.header('set-cookie', done.setCookie);
    return leaveFrom(reply, form, done.url);
  };
  return orErrorPage(reply, work, undefined, againFor(parts, request, form.get('RelayState')));
}
