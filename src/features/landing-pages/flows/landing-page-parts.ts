import type { DerivedKey } from '#src/config/open-secrets';
import type { LandingPageService } from '#src/features/landing-pages/landing-page.service';
import type { LeadProofs } from '#src/features/landing-pages/proofs/lead-proof';
import type { AuthorizationChecks } from '#src/features/providers/oauth/provider-client';
import type { LoginParts } from '#src/features/providers/login/login-parts';

/** What a visitor's way from a landing page to a provider and back needs. */
export interface LandingPageParts extends Pick<
  LoginParts,
  'audit' | 'connections' | 'connectionSettings' | 'logins' | 'client' | 'issuer'
> {
  readonly pages: LandingPageService;
  readonly proofs: LeadProofs;
  readonly ring: () => readonly DerivedKey[];
}

/** From the click to the provider's answer. */
export const flowMs = 5 * 60_000;
/** From the provider's answer to the fetching of the profile. */
export const codeMs = 60_000;

export const secretForm = /^[\w-]{43}$/;

const mark = 'page.';

/** The state of a landing page's way to a provider says that it is one, so that the answer of a sign-in is not looked up among them. */
export function markedAsFlow(checks: AuthorizationChecks): AuthorizationChecks {
  return { ...checks, state: `${mark}${checks.state}` };
}

export function isOfFlow(state: string): boolean {
  return state.startsWith(mark);
}
