import { defineLoader } from '#src/graphql/request-loader';
import { findDomainsOf, type ConnectionDomainRow } from './connection-domain.repository';

/** The domains of connections, by name. */
export const domainsByConnection = defineLoader<string, readonly ConnectionDomainRow[]>(
  'domains-by-connection',
  async (ids, context) => {
    const rows = await findDomainsOf(context.store, ids);
    return ids.map((id) => rows.filter(({ connectionId }) => connectionId === id));
  },
);
