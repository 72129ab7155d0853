import {
  findResourceServers,
  type ResourceServerRow,
} from '#src/features/roles/resource-servers/resource-server.repository';
import { defineLoader } from '#src/graphql/request-loader';

export const resourceServerById = defineLoader<string, ResourceServerRow | null>(
  'resource-server-by-id',
  async (ids, context) => {
    const found = new Map((await findResourceServers(context.store, ids)).map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  },
);
