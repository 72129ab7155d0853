import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import type { LoginCookie } from '#src/features/providers/login/login-cookie';
import type { LoginFlows } from '#src/features/providers/login/login-flow';
import { createSessionCookie } from '#src/features/sessions/session-cookie';
import type { SessionService } from '#src/features/sessions/session.service';
import { startCleaning, type Cleaning } from '#src/features/tickets/clean-tables';
import type { FeatureParts } from '#src/graphql/feature';
import type { Route } from '#src/http/routes';
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
  readonly continueRoutes: readonly Route[];
  /** Makes sign-ins visit their pages, after every step that comes before in the list of steps. */
  joinSignIn(): void;
  /** Begins to delete, again and again, visits from which nobody came back. */
  startVisitCleaning(): Cleaning;
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
    continueRoutes: continueRoutes({ ...parts, platform, sessionCookie: createSessionCookie(http) }),
    joinSignIn: () => {
      hooks.afterFirstFactor.push((store, _call, user) => askRedirect(store, user));
      hooks.departures.push((call, suspended, browser) => depart(parts, call, suspended, browser));
    },
    startVisitCleaning: () => startCleaning(platform, 'login_suspensions', deleteOldSuspensions),
  };
}
