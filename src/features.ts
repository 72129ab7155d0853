import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import { startAudit } from '#src/features/audit/audit.feature';
import { startJobs } from '#src/features/jobs/jobs.feature';
import { startMail } from '#src/features/mail/mail.feature';
import { startConnections } from '#src/features/connections/connections.feature';
import { startUsers } from '#src/features/users/users.feature';
import { startMetadata } from '#src/features/metadata/metadata.feature';
import { startIdentities } from '#src/features/identities/identities.feature';
import { startProfiles } from '#src/features/profiles/profiles.feature';
import { startRoles, type StartedRoles } from '#src/features/roles/roles.feature';
import { startApplications, type StartedApplications } from '#src/features/applications/applications.feature';
import { startTickets } from '#src/features/tickets/tickets.feature';
import {
  startAttackProtection,
  type StartedAttackProtection,
} from '#src/features/attack-protection/attack-protection.feature';
import { startOrganizations } from '#src/features/organizations/organizations.feature';
import { authorizationClaims } from '#src/features/groups/authorization/token-claims';
import { startGroups, type StartedGroups } from '#src/features/groups/groups.feature';
import { startPasswords, type StartedPasswords } from '#src/features/passwords/passwords.feature';
import { startProfileSteps } from '#src/features/profile-steps/profile-steps.feature';
import { startSessions, type StartedSessions } from '#src/features/sessions/sessions.feature';
import { startFactors } from '#src/features/factors/factors.feature';
import { startMyAccount } from '#src/features/my-account/my-account.feature';
import type { ConnectionSettingsService } from '#src/features/providers/settings/connection-settings.service';
import { startAccounts } from '#src/features/accounts/accounts.feature';
import { startLinking } from '#src/features/linking/linking.feature';
import { startProviders } from '#src/features/providers/providers.feature';
import { startLandingPages } from '#src/features/landing-pages/landing-pages.feature';
import { startLoginRedirects } from '#src/features/login-redirects/login-redirects.feature';
import type { LookUpDesk } from '#src/features/attribute-rules/look-ups/admit-look-ups';
import { startLoginPages } from '#src/features/login-pages/login-pages.feature';
import { startAttributeRules } from '#src/features/attribute-rules/attribute-rules.feature';
import { raisePolicyVersion } from '#src/features/attribute-rules/policy.repository';
import { startSearch } from '#src/features/search/search.feature';
import { startTransfers, type StartedTransfers } from '#src/features/transfers/transfers.feature';
import {
  startLazyMigration,
  type StartedLazyMigration,
} from '#src/features/lazy-migration/lazy-migration.feature';
import { startDelegation } from '#src/features/delegation/delegation.feature';
import { startSealedValues, type SealedValues } from '#src/features/sealed-values/sealed-values.feature';
import { startViewer } from '#src/features/viewer/viewer.feature';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { pictureSettings } from '#src/features/users/pictures/picture';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { UserService } from '#src/features/users/user.service';
import { platformPermissions } from '#src/graphql/build-schema';
import type { FeatureParts } from '#src/graphql/feature';
import { createOutbound } from '#src/http/outbound';
import type { Origins } from '#src/http/cors';
import type { Route } from '#src/http/routes';
import { startBackground, stopBackground } from '#src/jobs/background';
import type { Jobs } from '#src/jobs/jobs';

/** The started features. */
export interface Product {
  readonly parts: readonly FeatureParts[];
  readonly routes: readonly Route[];
  /** Origins whose pages may call with the visitor's cookie. */
  readonly origins: Origins;
  readonly users: UserService;
  readonly connections: ConnectionService;
  readonly passwords: StartedPasswords['passwords'];
  readonly hashSettings: StartedPasswords['hashSettings'];
  readonly hashingLoad: StartedPasswords['hashingLoad'];
  readonly migrationSources: StartedLazyMigration['sources'];
  /** What became of questions to migration sources since the start. */
  readonly migrationOutcomes: () => ReadonlyMap<string, number>;
  readonly roles: StartedRoles;
  readonly groups: StartedGroups;
  readonly applications: StartedApplications;
  readonly connectionSettings: ConnectionSettingsService;
  readonly attackProtection: StartedAttackProtection['attackProtection'];
  readonly sessions: StartedSessions;
  readonly issueToken: StartedSessions['issueToken'];
  /** Imports and exports of users. */
  readonly transfers: StartedTransfers;
  /** Counts and records look-ups by values that the caller may not read. */
  readonly lookUps: LookUpDesk;
  readonly missingKeys: SealedValues['missingKeys'];
  /** The gateway's own permissions, each with its sentence. */
  readonly permissions: ReadonlyMap<string, string>;
  /** Brings what every database must hold up to this version, then starts what runs in the background. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The map of the product: every feature, in the order in which they may know each other. Making them neither reads nor writes; that
 * begins with `start`.
 */
export function startFeatures(platform: Platform, secrets: Secrets, worker: Pick<Jobs, 'runNow'>): Product {
  const { config, storage } = platform;
  const parts: FeatureParts[] = [];
  const add = <Started extends FeatureParts>(started: Started): Started => {
    parts.push(started);
    return started;
  };
  const pictures = pictureSettings(config.pictures, config.http.issuer);
  const audit = add(startAudit());
  const outbound = createOutbound(config.outbound);
  add(startJobs(audit));
  const mail = add(startMail(config, secrets));
  const connections = add(startConnections(platform));
  const users = add(startUsers({ ...audit, ...connections }, pictures));
  const policyVersion = { raise: raisePolicyVersion, refresh: () => platform.policies.refresh() };
  const metadata = add(startMetadata({ ...audit, ...users, policyVersion, worker }, config.metadata));
  const identities = add(startIdentities({ ...audit, ...connections, ...users, ...metadata }));
  const profiles = add(startProfiles({ ...audit, ...mail, ...connections, ...users, ...identities }));
  const roles = add(startRoles(platform, { ...audit, ...users }, platform.config.roles));
  const applications = add(startApplications(platform, { ...audit, ...roles }));
  const tickets = add(startTickets(platform, secrets));
  const attackProtection = add(startAttackProtection(platform, { ...audit, ...mail, ...users, ...tickets }));
  const organizations = add(
    startOrganizations(platform, {
      ...audit,
      ...mail,
      ...connections,
      ...users,
      ...metadata,
      ...{ ...roles, ...applications, ...attackProtection },
    }),
  );
  profiles.logins.signedIn.push(async (store, call, id, connection, { attributes }) => {
    await organizations.followGroups(store, call, id, connection, attributes['groups']);
    await organizations.joinOnLogin(store, call, { id }, connection, null);
  });
  const groups = add(
    startGroups(config.groups, {
      ...{ ...audit, ...connections, ...users, ...metadata },
      ...{ ...profiles, ...roles, ...applications, ...organizations },
    }),
  );
  add(startProfileSteps({ ...audit, ...users, ...metadata }));
  const passwords = add(
    startPasswords(platform, secrets, {
      ...{ ...audit, ...connections, ...users, ...attackProtection, outbound },
    }),
  );
  const sessions = add(
    startSessions(platform, secrets, {
      ...{ ...audit, ...connections, ...users, ...mail, ...attackProtection, ...passwords },
      ...{ ...applications, ...organizations, outbound },
    }),
  );
  sessions.mintHooks.signedIn.push((store, call, { userId, clientId, methods }) =>
    groups.authorization.persistOwn(store, call, {
      ...{ userId, applicationId: clientId },
      connection: methods[0]?.connection ?? null,
    }),
  );
  sessions.mintHooks.claims.push(async (store, { userId, clientId, organizationId, methods }) => {
    const connection = methods[0]?.connection ?? null;
    const subject = { userId, applicationId: clientId, organizationId, connection };
    return authorizationClaims(await groups.authorization.forToken(store, subject));
  });
  const factors = add(
    startFactors(platform, secrets, {
      ...{ ...audit, ...connections, ...users, ...mail, ...attackProtection, ...passwords },
      ...{ ...sessions, origins: applications.origins },
      ...{ applications: applications.applications, organizations: organizations.organizations },
    }),
  );
  const myAccount = add(
    startMyAccount(platform, secrets, {
      ...{ ...audit, ...users, ...mail, ...metadata, ...identities },
      ...{ ...attackProtection, ...passwords, ...sessions, ...factors },
    }),
  );
  const accounts = add(
    startAccounts(platform, {
      ...{ ...audit, ...mail, ...connections, ...users, ...applications },
      ...{ ...tickets, ...attackProtection, ...passwords, ...identities, methods: factors.methods },
      ...{ sessions: sessions.sessions, authenticate: sessions.authenticate },
    }),
  );
  const linking = add(
    startLinking(platform, secrets, {
      ...{ ...audit, ...mail, ...connections, ...users, ...applications, ...metadata, ...identities },
      ...{ ...tickets, ...attackProtection, ...passwords, ...sessions, ...factors },
      ...{ ...myAccount, logins: profiles.logins },
    }),
  );
  const providers = add(
    startProviders(platform, secrets, {
      ...{ ...audit, ...connections, ...applications, ...linking, outbound, policyVersion },
      ...{ ...identities, logins: profiles.logins, sessions: sessions.sessions },
      ...{ ...attackProtection, ...organizations, signUpChecks: accounts.signUpChecks },
    }),
  );
  add(startLandingPages(platform, secrets, { ...applications, providers }));
  const loginRedirects = add(
    startLoginRedirects(platform, secrets, {
      ...{ ...audit, ...connections, ...applications, ...providers, sessions: sessions.sessions },
    }),
  );
  sessions.sessions.hooks.afterFirstFactor.push(async (store, _call, { userId, methods }) => {
    const isByPassword = methods.some(({ name }) => name === 'pwd');
    const origin = isByPassword ? await passwords.passwords.originOf(store, userId) : null;
    return origin?.mustChange === true ? { kind: 'password-change', reason: 'required' } : null;
  });
  loginRedirects.joinSignIn();
  add(
    startLoginPages(platform, {
      ...{ ...audit, ...accounts, ...applications, ...organizations },
      ...{ sessions: sessions.sessions, ...factors, ...linking, ...providers },
    }),
  );
  const attributeRules = add(startAttributeRules(platform, audit, worker));
  const search = add(startSearch(config.search));
  organizations.memberSearch.filterBy = (call, query) => search.search.filterBy(call, query);
  const transfers = add(
    startTransfers(platform, secrets, {
      ...{ ...audit, ...mail, ...connections, ...search, worker },
      ...{ roles: roles.roles, authenticate: sessions.authenticate, origins: applications.origins },
      hashSettings: passwords.hashSettings,
    }),
  );
  const lazyMigration = add(
    startLazyMigration(platform, secrets, {
      ...{ ...audit, ...connections, ...users },
      ...{ ...identities, ...passwords, outbound },
      organizations: organizations.organizations,
    }),
  );
  const { migrations } = lazyMigration;
  sessions.sessions.hooks.unknownUser.push((call, asked) => migrations.signIn(call, asked));
  sessions.sessions.hooks.knownElsewhere.push((call, connection) => migrations.hasSource(call, connection));
  const delegation = add(
    startDelegation(config.delegation, {
      ...{ ...audit, ...connections, ...users, ...metadata, ...organizations },
      ...{ ...roles, ...passwords, ...search, policyVersion },
      ...{ ...attackProtection, ...factors, ...accounts },
    }),
  );
  add(startViewer({ grantsOf: gatewayGrants.find, factsOf: objectFactsOf }));
  const sealedValues = add(startSealedValues(platform, secrets, parts));
  const permissions = permissionCatalogue(parts);
  return {
    parts,
    routes: parts.flatMap(({ routes = [] }) => routes),
    origins: applications.origins,
    ...{ users: users.users, connections: connections.connections },
    ...{ passwords: passwords.passwords, hashSettings: passwords.hashSettings },
    hashingLoad: passwords.hashingLoad,
    missingKeys: () => sealedValues.missingKeys(),
    migrationSources: lazyMigration.sources,
    migrationOutcomes: () => lazyMigration.tally.totals(),
    roles,
    groups,
    applications,
    connectionSettings: providers.connectionSettings,
    attackProtection: attackProtection.attackProtection,
    sessions,
    issueToken: sessions.issueToken,
    lookUps: attributeRules.lookUps,
    transfers: transfers.transfers,
    permissions,
    start: async () => {
      const store = storage.open();
      await connections.connections.ensureDefault(store);
      await roles.synchronisePermissionCatalogue(store, Object.fromEntries(permissions));
      await delegation.ensureLevelRoles(store);
      await startBackground(parts);
    },
    close: async () => {
      await stopBackground(parts);
      await outbound.close();
    },
  };
}

function permissionCatalogue(parts: readonly FeatureParts[]): ReadonlyMap<string, string> {
  const all = [platformPermissions, ...parts.map((part) => part.permissions ?? {})];
  return new Map(all.flatMap((permissions) => Object.entries(permissions)));
}
