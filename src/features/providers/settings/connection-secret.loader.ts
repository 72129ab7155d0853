import { defineLoader } from '#src/graphql/request-loader';
import { findConnectionSecrets } from './connection-secret.repository';

/** The names of the secrets that a connection has; never the secrets. */
export const secretNamesByConnection = defineLoader<string, ReadonlySet<string>>(
  'secret-names-by-connection',
  async (ids, context) => {
    const rows = await findConnectionSecrets(context.store, ids);
    return ids.map((id) => new Set(rows.filter((row) => row.connectionId === id).map(({ name }) => name)));
  },
);
