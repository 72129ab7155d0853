import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { resourceServerById } from '#src/features/roles/resource-servers/resource-server.loader';
import type { ResourceServerRow } from '#src/features/roles/resource-servers/resource-server.repository';
import { ResourceServerType } from '#src/features/roles/resource-servers/resource-server.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import { countListedPermissions, listPermissions } from './list-permissions';
import type { PermissionRow } from './permission.repository';
import { PermissionConnectionType, PermissionType } from './permission.type';
import { PermissionListArgs } from './role-list.input';

@Resolver(() => PermissionType)
export class PermissionResolver {
  @Auth({ permissions: [['read:roles'], ['read:resource_servers']] })
  @Query(() => PermissionConnectionType, {
    nullable: true,
    description: 'Permissions, in the order of their names.',
  })
  async permissions(
    @Args(() => PermissionListArgs) args: PermissionListArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<PermissionRow>> {
    return toConnection(await listPermissions(context, args, args), () =>
      countListedPermissions(context, args),
    );
  }

  @WithParent()
  @FieldResolver(() => ResourceServerType, { nullable: true, description: 'The API that defines it.' })
  resourceServer(
    @Root() permission: PermissionRow,
    @Ctx() context: RequestContext,
  ): ResourceServerRow | null | Promise<ResourceServerRow | null> {
    return context.load(resourceServerById).load(permission.resourceServerId);
  }
}
