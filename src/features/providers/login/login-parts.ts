import type { DerivedKey } from '#src/config/open-secrets';
import { addressOf } from '#src/config/origin';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { LoginService } from '#src/features/profiles/logins/login.service';
import type { ProviderClient } from '#src/features/providers/oauth/provider-client';
import type { ConnectionSettingsService } from '#src/features/providers/settings/connection-settings.service';
import type { LinkingService } from '#src/features/linking/linking.service';
import type { LoginWishes } from './login-wishes';
import type { LoginFlows } from '#src/features/providers/login/login-flow';
import type { SessionService } from '#src/features/sessions/session.service';

/** What a sign-in through a provider needs, from its beginning to its session. */
export interface LoginParts {
  readonly audit: AuditService;
  readonly attackProtection: AttackProtectionService;
  readonly applications: ApplicationService;
  readonly connections: ConnectionService;
  readonly connectionSettings: ConnectionSettingsService;
  readonly logins: LoginService;
  readonly linking: LinkingService;
  readonly sessions: SessionService;
  readonly client: ProviderClient;
  readonly ring: () => readonly DerivedKey[];
  readonly flows: LoginFlows;
  readonly issuer: string;
  /** For tokens of providers. */
  readonly tokenRing: () => readonly DerivedKey[];
  /** How long a session here can live at most. */
  readonly longestSessionMs: number;
}

/** One address for each connection: an answer meant for another provider's connection does not fit (RFC 9207, mix-up). */
export function callbackUrl(issuer: string, connection: string): string {
  return addressOf(issuer, `/login/callback/${connection}`);
}

/** The page of the gateway that begins a sign-in. */
export function loginUrl(
  issuer: string,
  wanted: LoginWishes & {
    readonly connection: string;
    readonly clientId: string;
    readonly organizationId?: string | null;
    readonly returnTo?: string | null;
  },
): string {
  const url = new URL(addressOf(issuer, `/login/${encodeURIComponent(wanted.connection)}`));
  url.searchParams.set('client_id', wanted.clientId);
  if (wanted.organizationId) url.searchParams.set('organization', wanted.organizationId);
  if (wanted.returnTo) url.searchParams.set('return_to', wanted.returnTo);
  if (wanted.prompt) url.searchParams.set('prompt', wanted.prompt.toLowerCase());
  if (typeof wanted.maxAgeSeconds === 'number') url.searchParams.set('max_age', String(wanted.maxAgeSeconds));
  return url.href;
}
