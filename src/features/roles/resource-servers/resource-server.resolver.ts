import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { ForwardPageArgs, PageArgs } from '#src/graphql/page-arguments.type';
import type { PermissionRow } from '#src/features/roles/permission.repository';
import { PermissionConnectionType } from '#src/features/roles/permission.type';
import {
  countListedResourceServers,
  listResourceServers,
} from '#src/features/roles/resource-servers/list-resource-servers';
import {
  CreateResourceServerPayload,
  DeleteResourceServerPayload,
  UpdateResourceServerPayload,
} from '#src/features/roles/resource-servers/resource-server-payload.type';
import {
  CreateResourceServerInput,
  DeleteResourceServerInput,
  UpdateResourceServerInput,
} from '#src/features/roles/resource-servers/resource-server.input';
import { resourceServerById } from '#src/features/roles/resource-servers/resource-server.loader';
import type { ResourceServerRow } from '#src/features/roles/resource-servers/resource-server.repository';
import type { ResourceServerService } from '#src/features/roles/resource-servers/resource-server.service';
import {
  ResourceServerConnectionType,
  ResourceServerType,
} from '#src/features/roles/resource-servers/resource-server.type';
import {
  countPermissionsOfServer,
  permissionsOfServer,
} from '#src/features/roles/resource-servers/server-permissions.loader';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';

interface ResourceServerPayload {
  readonly resourceServer: ResourceServerRow;
}

@Resolver(() => ResourceServerType)
export class ResourceServerResolver {
  constructor(private readonly servers: ResourceServerService) {}

  @Auth({ permissions: [['read:resource_servers']] })
  @Query(() => ResourceServerConnectionType, {
    nullable: true,
    description: 'APIs whose permissions are managed here, in the order of their identifiers.',
  })
  async resourceServers(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<ResourceServerRow>> {
    return toConnection(await listResourceServers(context, page), () => countListedResourceServers(context));
  }

  @WithParent()
  @FieldResolver(() => PermissionConnectionType, {
    nullable: true,
    description: 'The permissions that it defines, in the order of their names.',
  })
  async permissions(
    @Root() server: ResourceServerRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<PermissionRow>> {
    const rows = await permissionsOfServer.load(context, server.id, page, null);
    return toConnection(rows, () => countPermissionsOfServer(context, server.id));
  }

  @Auth({ permissions: [['create:resource_servers']] })
  @Mutation(() => CreateResourceServerPayload, {
    description: 'Creates a resource server with its permissions.',
  })
  async createResourceServer(
    @Arg('input', () => CreateResourceServerInput) input: CreateResourceServerInput,
    @Ctx() context: RequestContext,
  ): Promise<ResourceServerPayload> {
    return { resourceServer: await this.servers.create(context, input) };
  }

  @Auth({ permissions: [['update:resource_servers']] })
  @Mutation(() => UpdateResourceServerPayload, {
    description: 'Changes a resource server or its set of permissions.',
  })
  async updateResourceServer(
    @Arg('input', () => UpdateResourceServerInput) input: UpdateResourceServerInput,
    @Ctx() context: RequestContext,
  ): Promise<ResourceServerPayload> {
    const resourceServer = await this.servers.update(context, input);
    context.load(resourceServerById).clear(input.id);
    permissionsOfServer.forget(context);
    return { resourceServer };
  }

  @Auth({ permissions: [['delete:resource_servers']] })
  @Mutation(() => DeleteResourceServerPayload, {
    description: 'Deletes a resource server and takes its permissions from every role and user.',
  })
  async deleteResourceServer(
    @Arg('input', () => DeleteResourceServerInput) { id }: DeleteResourceServerInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    const deletedId = await this.servers.delete(context, id);
    context.load(resourceServerById).clear(id);
    return { deletedId };
  }
}
