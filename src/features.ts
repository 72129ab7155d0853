import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import { startAudit } from '#src/features/audit/audit.feature';
import { startConnections } from '#src/features/connections/connections.feature';
import { startUsers } from '#src/features/users/users.feature';
import { startMetadata } from '#src/features/metadata/metadata.feature';
import { startIdentities } from '#src/features/identities/identities.feature';
import { startRoles, type StartedRoles } from '#src/features/roles/roles.feature';
import { startOrganizations } from '#src/features/organizations/organizations.feature';
import { startSearch } from '#src/features/search/search.feature';
import { startViewer } from '#src/features/viewer/viewer.feature';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import { objectFactsOf } from '#src/features/users/object-facts.loader';
import type { UserService } from '#src/features/users/user.service';
import type { Authenticate } from '#src/graphql/authenticate';
import { platformPermissions } from '#src/graphql/build-schema';
import type { FeatureParts } from '#src/graphql/feature';
import type { Route } from '#src/http/routes';
import { createTokenIssuer, createTokenVerifier, type TokenIssuer } from '#src/features/sessions/access-token';
import { principal, anonymous } from '#src/access/principal';

/** The started features: the map of the product. */
export interface Product {
  readonly parts: readonly FeatureParts[];
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly users: UserService;
  readonly roles: StartedRoles;
  readonly issueToken: TokenIssuer['issue'];
  readonly hashPassword: (password: string) => Promise<string>;
  /** The gateway's own permissions, each with its sentence. */
  readonly permissions: ReadonlyMap<string, string>;
  /** Brings what every database must hold up to this version: the default connection and the permission catalogue. */
  prepareDatabase(): Promise<void>;
  close(): void;
}

export function startFeatures(platform: Platform, secrets: Secrets): Product {
  const { config } = platform;
  const audit = startAudit();
  const connections = startConnections(platform);
  const pictures = { gravatar: true, initialsBaseUrl: `${config?.http.issuer}/pictures/initials/` };
  const users = startUsers({ ...audit, ...connections }, pictures);
  const metadata = startMetadata({ ...audit, ...users }, config?.metadata as never);
  const identities = startIdentities({ ...audit, ...connections, ...users, ...metadata });
  const roles = startRoles(platform, { ...audit, ...users });
  const organizations = startOrganizations(config?.organizations, { ...audit, ...roles });
  const search = startSearch(config?.search);
  const viewer = startViewer({ grantsOf: gatewayGrants.find, factsOf: objectFactsOf });
  const parts: FeatureParts[] = [audit, connections, users, metadata, identities, roles, organizations, search, viewer];
  parts.push({ name: 'tmp', resolvers: [], permissions: { 'read:attribute_rules': 'x' } });
  const permissions = new Map(Object.entries(platformPermissions) as [string, string][]);
  for (const part of parts) for (const [n, d] of Object.entries(part.permissions ?? {})) permissions.set(n, d);
  const setting = secrets && { keys: secrets.signing.map((k) => ({ ...k, privateJwk: k.privateJwk.reveal() })) as never, issuer: config.http.issuer, audience: 'urn:gatehouse:api', clock: platform.clock, ids: platform.ids };
  const issuer = secrets && createTokenIssuer(setting);
  const verifier = secrets && createTokenVerifier(setting);
  return {
    parts,
    routes: [],
    users: users.users,
    roles,
    permissions,
    hashPassword: () => Promise.resolve('x'),
    issueToken: (g) => issuer.issue(g),
    authenticate: async ({ authorization }) => {
      if (!authorization) return { principal: anonymous, via: 'nothing' };
      const t = await verifier.verify(authorization.slice(7));
      return {
        via: 'bearer',
        principal: principal({ kind: 'machine', userId: null, subject: 'cli', sessionId: null, organizationId: null, permissions: (t.permissions as string[] | null) ?? [...permissions.keys()], roles: [], acr: null, authenticatedAt: null }),
      };
    },
    prepareDatabase: async () => {
      const store = platform.storage.open();
      await connections.connections.ensureDefault(store);
      await roles.synchronisePermissionCatalogue(store, Object.fromEntries(permissions));
    },
    close: () => undefined,
  };
}

export const createPolicySource = (_: unknown) => Promise.resolve({ current: () => ({ version: 1, rules: [], blacklist: [] }), refresh: () => Promise.resolve(), close: () => undefined });
