import type { Platform } from '#src/access/platform';
import { createSessionCookie } from '#src/features/sessions/session-cookie';
import type { FeatureParts } from '#src/graphql/feature';
import type { LoginPageParts } from './login-parts';
import { loginPageRoutes } from './login-page.routes';

/** The gateway's own sign-in page. It decides nothing by itself: every step is one that applications take through the API. */
export function startLoginPages(
  platform: Platform,
  services: Omit<LoginPageParts, 'platform' | 'sessionCookie'>,
): FeatureParts {
  const sessionCookie = createSessionCookie(platform.config.http);
  return {
    name: 'login-pages',
    resolvers: [],
    routes: loginPageRoutes({ ...services, platform, sessionCookie }),
  };
}
