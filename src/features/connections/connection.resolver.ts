import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { connectionById } from './connection.loader';
import type { ConnectionRow } from './connection.repository';
import type { ConnectionService } from './connection.service';
import { ConnectionConnectionType, ConnectionType } from './connection.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class ConnectionResolver {
  constructor(private readonly service: ConnectionService) {}

  @Auth({ permissions: [['read:connections']] })
  @Query(() => ConnectionType, { nullable: true, description: 'One connection.' })
  connection(
    @Arg('id', () => ID, { description: 'Id of the connection.' }) id: string,
    @Ctx() context: RequestContext,
  ): ConnectionRow | null | Promise<ConnectionRow | null> {
    return context.load(connectionById).load(id);
  }

  @Auth({ permissions: [['read:connections']] })
  @Query(() => ConnectionConnectionType, {
    nullable: true,
    description: 'All connections by name; inside an organization those that are linked to it.',
  })
  async connections(
    @Arg('first', () => Int, { nullable: true, description: 'Rows of the page; default 50, at most 100.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Behind this cursor.' }) after: string | null,
    @Arg('last', () => Int, { nullable: true, description: 'The last rows instead of the first.' })
    last: number | null,
    @Arg('before', () => String, { nullable: true, description: 'Before this cursor.' })
    before: string | null,
    @Ctx() context: RequestContext,
  ): Promise<Connection<ConnectionRow>> {
    const page = await this.service.list(context, { first, after, last, before });
    return toConnection(page, () => this.service.count(context));
  }
}
