import { findConnections, findConnectionsByName, type ConnectionRow } from './connection.repository';
import { defineLoader } from '#src/graphql/request-loader';

/**
 * SECURITY: a connection tells who the provider of another customer is and how one signs in there; who acts inside one organization reaches
 * those that are linked to it.
 */
export const connectionById = defineLoader<string, ConnectionRow | null>('connection-by-id', (ids, context) =>
  findConnections(context.store, ids, context.principal.organizationId),
);

export const connectionByName = defineLoader<string, ConnectionRow | null>(
  'connection-by-name',
  async (names, context) => {
    const rows = new Map((await findConnectionsByName(context.store, names)).map((row) => [row.name, row]));
    return names.map((name) => rows.get(name) ?? null);
  },
);
