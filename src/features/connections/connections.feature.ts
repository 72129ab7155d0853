import { connectionById } from './connection.loader';
import { connectionPermissions } from './connection.permissions';
import { ConnectionResolver } from './connection.resolver';
import { ConnectionService } from './connection.service';
import type { Platform } from '#src/access/platform';
import type { FeatureParts } from '#src/graphql/feature';

export function startConnections(
  platform: Pick<Platform, 'clock' | 'ids'>,
): FeatureParts & { readonly connections: ConnectionService } {
  const connections = new ConnectionService(platform.clock, platform.ids);
  return {
    name: 'connections',
    resolvers: [new ConnectionResolver(connections)],
    entities: [
      {
        type: 'Connection',
        ownsId: (id) => id.startsWith('con_'),
        rootField: 'Query.connection',
        load: (id, context) => context.load(connectionById).load(id),
      },
    ],
    permissions: connectionPermissions,
    connections,
  };
}
