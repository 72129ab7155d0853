import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { connectionById } from '#src/features/connections/connection.loader';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { ConnectionType } from '#src/features/connections/connection.type';
import {
  LinkOrganizationConnectionInput,
  UnlinkOrganizationConnectionInput,
  UpdateOrganizationConnectionInput,
} from '#src/features/organizations/connections/organization-connection.input';
import {
  defaultRoleIdsByLink,
  linkKey,
  linksByOrganization,
} from '#src/features/organizations/connections/organization-connection.loader';
import type { LinkRow } from '#src/features/organizations/connections/organization-connection.repository';
import type { OrganizationConnectionService } from '#src/features/organizations/connections/organization-connection.service';
import {
  LinkOrganizationConnectionPayload,
  OrganizationConnectionLinkConnectionType,
  OrganizationConnectionLinkType,
  UnlinkOrganizationConnectionPayload,
  UpdateOrganizationConnectionPayload,
} from '#src/features/organizations/connections/organization-connection.type';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import { roleById } from '#src/features/roles/role.loader';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleType } from '#src/features/roles/role.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => OrganizationType)
export class OrganizationConnectionsResolver {
  constructor(private readonly links: OrganizationConnectionService) {}

  @Auth({ permissions: [['read:organization_connections']] })
  @FieldResolver(() => OrganizationConnectionLinkConnectionType, {
    nullable: true,
    description: 'Through which connections its members come, in the order of linking.',
  })
  async connections(
    @Root() { id }: OrganizationRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<LinkRow>> {
    const rows = await linksByOrganization.load(context, id, page, null);
    return toConnection(rows, () => this.links.count(context.store, id));
  }

  @Auth({ permissions: [['create:organization_connections']] })
  @Mutation(() => LinkOrganizationConnectionPayload, {
    description: 'Lets members of an organization come through a connection.',
  })
  async linkOrganizationConnection(
    @Arg('input', () => LinkOrganizationConnectionInput) input: LinkOrganizationConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<{ connectionLink: LinkRow }> {
    return changed(context, await this.links.link(context, input));
  }

  @Auth({ permissions: [['update:organization_connections']] })
  @Mutation(() => UpdateOrganizationConnectionPayload, {
    description: 'Changes how members of an organization come through a connection.',
  })
  async updateOrganizationConnection(
    @Arg('input', () => UpdateOrganizationConnectionInput) input: UpdateOrganizationConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<{ connectionLink: LinkRow }> {
    return changed(context, await this.links.update(context, input));
  }

  @Auth({ permissions: [['delete:organization_connections']] })
  @Mutation(() => UnlinkOrganizationConnectionPayload, {
    description: 'Closes a connection for an organization. Members who came through it stay.',
  })
  async unlinkOrganizationConnection(
    @Arg('input', () => UnlinkOrganizationConnectionInput) input: UnlinkOrganizationConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<{ organization: OrganizationRow }> {
    const organization = await this.links.unlink(context, input);
    linksByOrganization.forget(context);
    return { organization };
  }
}

@Resolver(() => OrganizationConnectionLinkType)
export class ConnectionLinkResolver {
  @Auth({ permissions: [['read:organization_connections']] })
  @FieldResolver(() => ConnectionType, { nullable: true, description: 'The connection.' })
  connection(
    @Root() { connectionId }: LinkRow,
    @Ctx() context: RequestContext,
  ): ConnectionRow | null | Promise<ConnectionRow | null> {
    return context.load(connectionById).load(connectionId);
  }

  @Auth({ permissions: [['read:organization_connections']] })
  @FieldResolver(() => [RoleType], {
    nullable: true,
    description: 'Roles for who becomes a member by signing in through it.',
  })
  async defaultRoles(@Root() link: LinkRow, @Ctx() context: RequestContext): Promise<readonly RoleRow[]> {
    const ids = await context.load(defaultRoleIdsByLink).load(linkKey(link));
    const roles = await context.load(roleById).loadAll(ids);
    return roles.filter((role) => role !== null);
  }
}

/** What an earlier mutation of the same request read of the links is forgotten. */
function changed(context: RequestContext, link: LinkRow): { connectionLink: LinkRow } {
  linksByOrganization.forget(context);
  context.load(defaultRoleIdsByLink).clear(linkKey(link));
  return { connectionLink: link };
}
