import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import type { IdentityService } from '#src/features/identities/identity.service';
import type { SignUpCheck } from '#src/features/accounts/account-parts';
import type { StartedLinking } from '#src/features/linking/linking.feature';
import type { LinkingService } from '#src/features/linking/linking.service';
import type { LoginService } from '#src/features/profiles/logins/login.service';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { OrganizationConnectionService } from '#src/features/organizations/connections/organization-connection.service';
import { createTxtLookUp } from '#src/features/organizations/domains/look-up-txt';
import {
  ConnectionDomainResolver,
  ConnectionDomainsResolver,
} from '#src/features/providers/domains/connection-domain.resolver';
import { findProvenDomain } from '#src/features/providers/domains/connection-domain.repository';
import { ConnectionDomainService } from '#src/features/providers/domains/connection-domain.service';
import type { DiscoveryParts } from '#src/features/providers/domains/discover-connection';
import { DiscoverConnectionResolver } from '#src/features/providers/domains/discover-connection.resolver';
import { refuseClaimedDomain } from '#src/features/providers/domains/refuse-claimed-domain';
import { createLoginFlows, type LoginFlows } from '#src/features/providers/login/login-flow';
import { DirectoryService } from '#src/features/providers/ldap/directory.service';
import { TestConnectionResolver } from '#src/features/providers/test-connection.resolver';
import type { AnswerTaker } from '#src/features/providers/login/answer-taker';
import type { LoginParts } from '#src/features/providers/login/login-parts';
import { createLoginCookie, type LoginCookie } from '#src/features/providers/login/login-cookie';
import { ConnectingResolver } from '#src/features/providers/connecting/connecting.resolver';
import { BeginLinkResolver } from '#src/features/providers/login/begin-link.resolver';
import { BeginLoginResolver } from '#src/features/providers/login/login.resolver';
import { loginRoutes } from '#src/features/providers/login/login.routes';
import { IdentityTokensResolver } from '#src/features/providers/tokens/extend-identity.resolver';
import { tokensByIdentity } from '#src/features/providers/tokens/identity-tokens';
import { deleteIdentityTokens } from '#src/features/providers/tokens/identity-tokens.repository';
import { backchannelRoutes } from '#src/features/providers/logout/backchannel.routes';
import { ProviderClient } from '#src/features/providers/oauth/provider-client';
import { ImportSamlMetadataResolver } from '#src/features/providers/saml/import-metadata.resolver';
import { samlRoutes } from '#src/features/providers/saml/saml.routes';
import { leaveProvider } from '#src/features/providers/logout/leave-provider';
import { createSessionCookie } from '#src/features/sessions/session-cookie';
import type { Outbound } from '#src/http/outbound';
import type { SessionService } from '#src/features/sessions/session.service';
import type { FeatureParts } from '#src/graphql/feature';
import { connectionRemovalHandling } from '#src/features/providers/settings/connection-removal.job';
import { ConnectionSettingsResolver } from '#src/features/providers/settings/connection-settings.resolver';
import {
  boundTo,
  ConnectionSettingsService,
  type SettingsParts,
} from '#src/features/providers/settings/connection-settings.service';
import { ExtendConnectionResolver } from '#src/features/providers/settings/extend-connection.resolver';
import { sealedColumn } from '#src/storage/sealed-column';
import { ConnectionSecretEntity } from '#src/features/providers/settings/connection-secret.entity';
import { IdentityTokensEntity } from '#src/features/providers/tokens/identity-tokens.entity';
import { ProviderSessionEntity } from '#src/features/providers/saml/provider-session.entity';
import { sweepLogins } from '#src/features/providers/login/sweep-logins';
import { cleanTable } from '#src/jobs/clean-table';
import { providerPermissions } from './provider.permissions';

/** For whoever asks what became of a sign-in. */

export interface StartedProviders {
  readonly login: LoginParts;
  readonly loginCookie: LoginCookie;
  /** Where later features take answers of providers that belong to no sign-in. */
  readonly answerTakers: AnswerTaker[];
  readonly loginFlows: LoginFlows;
  /** What home-realm discovery needs; see `discoverConnection`. */
  readonly discovery: DiscoveryParts;
  readonly connectionSettings: ConnectionSettingsService;
}

export interface ProviderServices extends Omit<SettingsParts, 'ring' | 'switchedOff'> {
  readonly outbound: Outbound;
  readonly logins: LoginService;
  readonly linking: LinkingService;
  readonly signUpChecks: SignUpCheck[];
  readonly linkingDomains: StartedLinking['linkingDomains'];
  readonly sessions: SessionService;
  readonly identities: IdentityService;
  readonly attackProtection: AttackProtectionService;
  readonly organizationConnections: OrganizationConnectionService;
}

export function startProviders(
  platform: Platform,
  secrets: Pick<Secrets, 'ring'>,
  services: ProviderServices,
): FeatureParts & StartedProviders {
  const connectionSettings = new ConnectionSettingsService({
    ...services,
    ring: () => secrets.ring('connection-secret'),
    switchedOff: (store, call, connection) => services.sessions.endForConnection(store, call, connection),
  });
  const directories = new DirectoryService({
    ...{ ...services, connectionSettings },
    directoryMs: platform.config.outbound.directoryMs,
  });
  services.sessions.hooks.passwordSources.push({
    serves: (strategy) => directories.serves(strategy),
    check: (call, asked) => directories.check(call, asked),
  });
  const { http } = platform.config;
  const loginCookie = createLoginCookie(http);
  const tokenRing = () => secrets.ring('provider-tokens');
  const ring = () => secrets.ring('login-transaction');
  const flows = createLoginFlows(ring);
  const domains = new ConnectionDomainService({
    ...services,
    lookUpTxt: createTxtLookUp(platform.config.organizations.domainLookupMs),
    lookUpMs: platform.config.organizations.domainLookupMs,
  });
  const { connections, organizationConnections } = services;
  const discovery = { connections, organizationConnections };
  const login = {
    ...services,
    flows,
    connectionSettings,
    client: new ProviderClient(services.outbound, platform.clock),
    ring,
    tokenRing,
    longestSessionMs: platform.config.sessions.absoluteSeconds * 1_000,
    issuer: http.issuer,
  };
  services.linkingDomains.ownerOf = async (store, domain) =>
    (await findProvenDomain(store, domain))?.connectionId ?? null;
  services.signUpChecks.push((store, email) => refuseClaimedDomain(connections, store, email));
  services.identities.unlinked.push(deleteIdentityTokens);
  const answerTakers: AnswerTaker[] = [];
  const routed = {
    ...{ ...login, platform, loginCookie, answerTakers },
    sessionCookie: createSessionCookie(http),
  };
  services.sessions.hooks.federatedSignOut.push((call, methods, returnUrl) =>
    leaveProvider(login, call, methods, returnUrl),
  );
  return {
    name: 'providers',
    sealed: [
      sealedColumn(ConnectionSecretEntity, ['connectionId', 'name'], 'sealed', 'connection-secret', boundTo),
      sealedColumn(IdentityTokensEntity, ['identityId'], 'sealedTokens', 'provider-tokens'),
      sealedColumn(ProviderSessionEntity, ['id'], 'sealedSubject', 'login-transaction'),
    ],
    jobs: [connectionRemovalHandling(services)],
    resolvers: [
      new ConnectionSettingsResolver(connectionSettings),
      new TestConnectionResolver({ ...login, directories }),
      new ImportSamlMetadataResolver(connectionSettings),
      new ExtendConnectionResolver(),
      new BeginLoginResolver(login, loginCookie),
      new BeginLinkResolver(login, loginCookie, platform.config.factors),
      new ConnectingResolver({ ...login, factors: platform.config.factors }),
      new IdentityTokensResolver(tokensByIdentity(tokenRing)),
      new ConnectionDomainsResolver(domains),
      new ConnectionDomainResolver(),
      new DiscoverConnectionResolver({ ...discovery, applications: services.applications }),
    ],
    routes: [...loginRoutes(routed), ...samlRoutes(routed), ...backchannelRoutes(routed)],
    permissions: providerPermissions,
    connectionSettings,
    ...{ login, loginCookie, answerTakers },
    ...{ loginFlows: flows, discovery },
    background: [cleanTable(platform, 'login_transactions', sweepLogins)],
  };
}
