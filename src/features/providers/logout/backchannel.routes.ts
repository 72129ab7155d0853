import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Platform } from '#src/access/platform';
import type { LoginParts } from '#src/features/providers/login/login-parts';
import { anonymousCall } from '#src/http/anonymous-call';
import type { Route } from '#src/http/routes';
import { GatehouseError } from '#src/shared/errors';
import { takeLogout } from './take-logout';
import { formOf } from '#src/http/form-body';

export interface BackchannelRouteParts extends LoginParts {
  readonly platform: Platform;
}

/** Where OpenID providers say that somebody signed out there (OpenID Connect Back-Channel Logout 1.0, sections 2.5 to 2.8). */
export function backchannelRoutes(parts: BackchannelRouteParts): readonly Route[] {
  return [
    {
      methods: ['POST'],
      path: '/logout/backchannel/:connection',
      takesForm: true,
      handler: (request, reply) => take(parts, request, reply),
    },
  ];
}

async function take(
  parts: BackchannelRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { connection } = request.params as { readonly connection: string };
  const form = formOf(request);
  const token = form.get('logout_token') ?? '';
  try {
    await takeLogout(parts, anonymousCall(parts.platform, request), { connection, token, ip: request.ip });
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.kind !== 'invalid') throw error;
    return reply.code(400).send({ error: 'invalid_request', error_description: error.message });
  }
  return reply.code(200).send();
}
