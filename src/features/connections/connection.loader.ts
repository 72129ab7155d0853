import { findConnections, type ConnectionRow } from './connection.repository';
import { defineLoader } from '#src/graphql/request-loader';

export const connectionById = defineLoader<string, ConnectionRow | null>('connection-by-id', (ids, context) =>
  findConnections(context.store, ids),
);
