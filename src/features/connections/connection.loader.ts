import { findConnections, findConnectionsByName, type ConnectionRow } from './connection.repository';
import { defineLoader } from '#src/graphql/request-loader';

export const connectionById = defineLoader<string, ConnectionRow | null>('connection-by-id', (ids, context) =>
  findConnections(context.store, ids),
);

export const connectionByName = defineLoader<string, ConnectionRow | null>(
  'connection-by-name',
  async (names, context) => {
    const rows = new Map((await findConnectionsByName(context.store, names)).map((row) => [row.name, row]));
    return names.map((name) => rows.get(name) ?? null);
  },
);
