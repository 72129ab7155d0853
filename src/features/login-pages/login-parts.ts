import type { Call } from '#src/access/call';
import type { Platform } from '#src/access/platform';
import type { AccountService } from '#src/features/accounts/account.service';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { MfaService } from '#src/features/factors/sign-in/mfa.service';
import type { StartedFactors } from '#src/features/factors/factors.feature';
import type { SignInOrganizationService } from '#src/features/organizations/sign-in/sign-in-organization.service';
import type { OrganizationConnectionService } from '#src/features/organizations/connections/organization-connection.service';
import type { LinkingService } from '#src/features/linking/linking.service';
import type { DiscoveryParts } from '#src/features/providers/domains/discover-connection';
import type { LoginCookie } from '#src/features/providers/login/login-cookie';
import type { LoginFlow, LoginFlows } from '#src/features/providers/login/login-flow';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { SessionCookie } from '#src/features/sessions/session-cookie';
import type { SessionService } from '#src/features/sessions/session.service';
import type { Page } from '#src/http/pages/page';

/** What the pages need of the rest of the gateway. */
export interface LoginPageParts {
  readonly platform: Platform;
  readonly audit: AuditService;
  readonly accounts: AccountService;
  readonly applications: ApplicationService;
  readonly organizationConnections: OrganizationConnectionService;
  readonly signInOrganizations: SignInOrganizationService;
  readonly sessions: SessionService;
  readonly mfa: MfaService;
  readonly passkeySignIn: StartedFactors['passkeySignIn'];
  readonly discovery: DiscoveryParts;
  readonly linking: LinkingService;
  readonly loginCookie: LoginCookie;
  readonly loginFlows: LoginFlows;
  readonly sessionCookie: SessionCookie;
}

/** One sending of a form, or the first visit. */
export interface Visit {
  readonly call: Call;
  readonly browser: Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>;
  readonly flow: LoginFlow;
  readonly application: ApplicationRow | null;
  readonly form: ReadonlyMap<string, string>;
}

/** What the browser gets. A page goes on with the flow that is given. */
export type Answer =
  | { readonly page: Page; readonly flow: LoginFlow | null; readonly setCookies?: readonly string[] }
  | { readonly goesTo: string; readonly setCookies: readonly string[] };

/** Makes the text that a form carries along. */
export type Step = (parts: LoginPageParts, visit: Visit) => Promise<Answer>;
