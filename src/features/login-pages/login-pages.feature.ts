import type { Platform } from '#src/access/platform';
import { createSessionCookie } from '#src/features/sessions/session-cookie';
import type { FeatureParts } from '#src/graphql/feature';
import type { Route } from '#src/http/routes';
import type { LoginPageParts } from './login-parts';
import { loginPageRoutes } from './login-page.routes';

/** The gateway's own sign-in page. It decides nothing by itself: every step is one that applications take through the API. */
export function startLoginPages(
  platform: Platform,
  services: Omit<LoginPageParts, 'platform' | 'sessionCookie'>,
): FeatureParts & { readonly loginPageRoutes: readonly Route[] } {
  const sessionCookie = createSessionCookie(platform.config.http);
  return {
    name: 'login-pages',
    resolvers: [],
    loginPageRoutes: loginPageRoutes({ ...services, platform, sessionCookie }),
  };
}
