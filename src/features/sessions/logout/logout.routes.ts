import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Platform } from '#src/access/platform';
import type { ApplicationService } from '#src/features/applications/application.service';
import { createSessionCookie } from '#src/features/sessions/session-cookie';
import type { SessionService } from '#src/features/sessions/session.service';
import type { Authenticate } from '#src/graphql/authenticate';
import { anonymousCall } from '#src/http/anonymous-call';
import { formOf, parseFormBody } from '#src/http/form-body';
import { httpErrors } from '#src/http/http.errors';
import { orErrorPage } from '#src/http/pages/error-page';
import { sendPage } from '#src/http/pages/page';
import type { Route } from '#src/http/routes';
import type { SessionSettingsService } from './session-settings.service';
import { confirmSignOutPage, signedOutPage } from './logout-pages';
import { leave } from '#src/http/pages/leave';

export interface LogoutRouteParts {
  readonly platform: Platform;
  readonly authenticate: Authenticate;
  readonly applications: Pick<ApplicationService, 'enabled'>;
  readonly sessionSettings: Pick<SessionSettingsService, 'asksBeforeSignOut'>;
  readonly sessions: Pick<SessionService, 'signOut'>;
}

type Fields = ReadonlyMap<string, string>;

/** What a request to sign out asks for; each member at most 2,048 characters. */
interface Asked {
  readonly clientId: string | null;
  readonly returnTo: string | null;
  readonly state: string | null;
  /** The session that is meant. */
  readonly hint: string | null;
  readonly isFederated: boolean;
  readonly isConfirmed: boolean;
}

const longest = 2_048;

/** Where a browser signs out: `/oidc/logout` (OpenID Connect RP-Initiated Logout 1.0), and `/v2/logout` as Auth0 has it. */
export function logoutRoutes(parts: LogoutRouteParts): readonly Route[] {
  const path = '/oidc/logout';
  return [
    {
      methods: ['GET'],
      path,
      handler: (request, reply) => signOut(parts, request, reply, () => asked(queryOf(request))),
    },
    {
      // Applications may send people by a form as well, so it need not be one of ours; only ours confirms.
      methods: ['POST'],
      path,
      takesForm: true,
      handler: (request, reply) =>
        signOut(parts, request, reply, () => {
          const form = formOf(request);
          const isOurs = request.server.formTokens.accepts(request.headers, form);
          return {
            ...asked(form),
            isConfirmed: isOurs && form.get('confirm') === '1',
          };
        }),
    },
    {
      methods: ['GET'],
      path: '/v2/logout',
      handler: (request, reply) =>
        signOut(parts, request, reply, () => asked(queryOf(request), 'returnTo'), true),
    },
  ];
}

function queryOf(request: FastifyRequest): Fields {
  const at = request.url.indexOf('?');
  return parseFormBody(Buffer.from(at < 0 ? '' : request.url.slice(at + 1)));
}

function asked(fields: Fields, target = 'post_logout_redirect_uri'): Asked {
  if ([...fields.values()].some((value) => value.length > longest)) throw httpErrors.BAD_REQUEST();
  const field = (name: string): string | null => fields.get(name) ?? null;
  return {
    clientId: field('client_id'),
    returnTo: field(target),
    state: field('state'),
    hint: field('logout_hint'),
    isFederated: fields.has('federated'),
    isConfirmed: false,
  };
}

/** `fallsBack`: an application without a target means the first one that it lists. */
function signOut(
  parts: LogoutRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  read: () => Asked,
  fallsBack = false,
): Promise<FastifyReply> {
  const work = async (): Promise<FastifyReply> => {
    const { clientId, state, hint, isFederated, isConfirmed, ...given } = read();
    const cookie = createSessionCookie(parts.platform.config.http);
    const secret = cookie.read(request.headers.cookie) ?? undefined;
    const visitor = anonymousCall(parts.platform, request);
    const credentials = { authorization: undefined, sessionCookie: secret };
    const { principal } = await parts.authenticate(credentials, visitor.store);
    const application = clientId === null ? null : await parts.applications.enabled(visitor.store, clientId);
    const first = fallsBack ? (application?.allowedLogoutUrls[0] ?? null) : null;
    const returnTo = given.returnTo ?? first;
    // SECURITY: any page can send its visitor here; the id of the session is known to those alone who took part in it.
    const isMeant = isConfirmed || hint === principal.sessionId || principal.sessionId === null;
    if (!isMeant && (await parts.sessionSettings.asksBeforeSignOut(visitor.store, application))) {
      return sendPage(
        reply,
        confirmSignOutPage(application?.name ?? null, {
          ...{ client_id: clientId, post_logout_redirect_uri: returnTo, state },
          ...{ federated: isFederated ? '1' : null },
        }),
      );
    }
    const asks = { clientId, returnTo, state, federated: isFederated, isExact: true };
    const done = await parts.sessions.signOut({ ...visitor, principal }, secret, asks);
    if (done.setCookie !== null) void reply.header('set-cookie', done.setCookie);
    // A form leads nowhere else under the policy of its page; a page does.
    if (request.method === 'POST' || done.logoutUrl === null)
      return sendPage(reply, signedOutPage(done.logoutUrl));
    return leave(reply, done.logoutUrl);
  };
  return orErrorPage(reply, work, 'Signing out did not work');
}
