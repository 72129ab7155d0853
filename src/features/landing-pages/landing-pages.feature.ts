import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import type { ApplicationService } from '#src/features/applications/application.service';
import { cleanTable } from '#src/jobs/clean-table';
import type { StartedProviders } from '#src/features/providers/providers.feature';
import type { FeatureParts } from '#src/graphql/feature';
import { Captures } from './captures';
import { answerFromProvider } from '#src/features/landing-pages/flows/answer-flow';
import { deleteOldFlows } from '#src/features/landing-pages/flows/landing-page-flow.repository';
import { landingPagePermissions } from './landing-page.permissions';
import { LandingPageResolver } from './landing-page.resolver';
import { LandingPageService } from './landing-page.service';
import { embedRoutes } from '#src/features/landing-pages/pages/embed.routes';
import { createLeadProofs } from '#src/features/landing-pages/proofs/lead-proof';

export interface LandingPageServices {
  readonly applications: ApplicationService;
  readonly providers: Pick<StartedProviders, 'login' | 'loginCookie' | 'answerTakers'>;
}

export function startLandingPages(
  platform: Platform,
  secrets: Pick<Secrets, 'ring' | 'signing'>,
  { applications, providers }: LandingPageServices,
): FeatureParts {
  const { clock, ids } = platform;
  const { login, loginCookie } = providers;
  const pages = new LandingPageService(applications);
  const keys = () => secrets.signing.map((key) => ({ ...key, privateJwk: key.privateJwk.reveal() }));
  const proofs = createLeadProofs({ keys, issuer: login.issuer, clock, ids });
  const parts = { ...login, pages, proofs, ring: () => secrets.ring('landing-page') };
  providers.answerTakers.push(async (call, answer, ip) => {
    const url = await answerFromProvider(parts, call, answer, ip);
    // The window keeps its opener on its way back to the page.
    const headers = { 'cross-origin-opener-policy': 'unsafe-none' };
    return url === null ? null : { url, setCookie: null, headers };
  });
  return {
    name: 'landing-pages',
    resolvers: [
      new LandingPageResolver({ pages, proofs, captures: new Captures(login.audit), issuer: login.issuer }),
    ],
    routes: embedRoutes({ ...parts, platform, loginCookie }),
    permissions: landingPagePermissions,
    background: [cleanTable(platform, 'landing_page_flows', (store, now) => deleteOldFlows(store, now))],
  };
}
