import type { ConnectionService } from '#src/features/connections/connection.service';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import { normalisedDomain } from '#src/features/organizations/domains/domain-name';
import { domainOf } from '#src/features/users/identifiers/email-address';
import type { Store } from '#src/storage/store';
import { findProvenDomain } from './connection-domain.repository';

/** LINK_CONFLICT for an address of a mail domain whose people come through their connection alone; one that is off keeps nobody out. */
export async function refuseClaimedDomain(
  connections: ConnectionService,
  store: Store,
  email: string,
): Promise<void> {
  const domain = normalisedDomain(domainOf(email));
  const owner = domain === null ? null : await findProvenDomain(store, domain);
  const connection = owner === null ? null : await connections.byId(store, owner.connectionId);
  if (connection?.isEnabled !== true || !connection.options.enforcesDomains) return;
  throw myAccountErrors.LINK_CONFLICT({
    message: 'People of this mail domain sign in through their company.',
    extensions: { field: 'email', connection: connection.name },
  });
}
