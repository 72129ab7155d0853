import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import type { LoginCookie } from '#src/features/providers/login/login-cookie';
import type { LoginFlows } from '#src/features/providers/login/login-flow';
import { createSessionCookie } from '#src/features/sessions/session-cookie';
import type { SessionService } from '#src/features/sessions/session.service';
import { cleanTable } from '#src/jobs/clean-table';
import type { FeatureParts } from '#src/graphql/feature';
import { askRedirect } from './ask-redirect';
import { continueRoutes } from './continue.routes';
import { depart } from './depart';
import { loginRedirectPermissions } from './login-redirect.permissions';
import { LoginRedirectResolver } from './login-redirect.resolver';
import { LoginRedirectService, type RedirectServices } from './login-redirect.service';
import { deleteOldSuspensions } from './login-suspension.repository';

export interface LoginRedirectServices extends Omit<RedirectServices, 'ring'> {
  readonly sessions: SessionService;
  readonly loginCookie: LoginCookie;
  readonly loginFlows: LoginFlows;
}

export interface StartedLoginRedirects {
  /** Makes sign-ins visit their pages, after every step that comes before in the list of steps. */
  joinSignIn(): void;
}

export function startLoginRedirects(
  platform: Platform,
  secrets: Pick<Secrets, 'ring'>,
  services: LoginRedirectServices,
): FeatureParts & StartedLoginRedirects {
  const { http } = platform.config;
  const served = { ...services, ring: () => secrets.ring('login-redirect') };
  const redirects = new LoginRedirectService(served);
  const parts = { ...served, redirects, issuer: http.issuer };
  const { hooks } = services.sessions;
  return {
    name: 'login-redirects',
    resolvers: [new LoginRedirectResolver(redirects)],
    permissions: loginRedirectPermissions,
    routes: continueRoutes({ ...parts, platform, sessionCookie: createSessionCookie(http) }),
    joinSignIn: () => {
      hooks.afterFirstFactor.push((store, _call, user) => askRedirect(store, user));
      hooks.departures.push((call, suspended, browser) => depart(parts, call, suspended, browser));
    },
    background: [cleanTable(platform, 'login_suspensions', deleteOldSuspensions)],
  };
}
