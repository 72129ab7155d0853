import type { ApplicationRow } from '#src/features/applications/application.repository';
import { asConnection, defaultConnection } from '#src/features/connections/connection.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import type { OrganizationConnectionService } from '#src/features/organizations/connections/organization-connection.service';
import { normalisedDomain } from '#src/features/organizations/domains/domain-name';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import type { Store } from '#src/storage/store';
import { findProvenDomain } from './connection-domain.repository';

export interface DiscoveryParts {
  readonly connections: ConnectionService;
  readonly organizationConnections: OrganizationConnectionService;
}

/** Through what somebody signs in. Only PASSWORD and FEDERATED name a connection. */
export type Discovery =
  | { readonly kind: 'PASSWORD' | 'FEDERATED'; readonly connection: ConnectionRow }
  | { readonly kind: 'CHOICE'; readonly connection: null };

export interface SignInPlace {
  readonly application: ApplicationRow | null;
  readonly organizationId: string | null;
}

/** The connections through which people sign in to an application and, where one is named, to an organization; by name. */
export async function usableConnections(
  { connections, organizationConnections }: DiscoveryParts,
  store: Store,
  { application, organizationId }: SignInPlace,
): Promise<readonly ConnectionRow[]> {
  const all = await connections.enabled(store);
  const linked =
    organizationId === null ? null : await organizationConnections.enabledIds(store, organizationId);
  return all.filter((row) => {
    const admitted = asConnection(row).options.applicationIds;
    const isAdmitted = admitted.length === 0 || (application !== null && admitted.includes(application.id));
    return isAdmitted && (linked === null || linked.has(row.id));
  });
}

/**
 * Where somebody signs in who typed an identifier: the connection of its mail domain, exactly and only when it is proven; else with a
 * password. SECURITY: nothing is looked up about the user, so the answer is the same for every address of a domain.
 */
export async function discoverConnection(
  parts: DiscoveryParts,
  store: Store,
  identifier: string,
  place: SignInPlace,
): Promise<Discovery> {
  const usable = await usableConnections(parts, store, place);
  const at = identifier.lastIndexOf('@');
  const domain = at < 0 ? null : normalisedDomain(identifier.slice(at + 1));
  const proven = domain === null ? null : await findProvenDomain(store, domain);
  const own = usable.find(({ id }) => id === proven?.connectionId);
  if (own) return found(own);
  const withPasswords = usable.filter(({ strategy }) => takesPasswords(strategy));
  const preferred = withPasswords.find(({ name }) => name === defaultConnection) ?? withPasswords[0];
  if (preferred) return found(preferred);
  const [only, another] = usable;
  return only && !another ? found(only) : { kind: 'CHOICE', connection: null };
}

function found(connection: ConnectionRow): Discovery {
  return { kind: takesPasswords(connection.strategy) ? 'PASSWORD' : 'FEDERATED', connection };
}

function takesPasswords(strategy: string): boolean {
  return ['DATABASE', 'LDAP'].includes(protocolOf(strategy));
}
