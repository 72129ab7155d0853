import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import {
  countRolesOf,
  rolesByOrganization,
} from '#src/features/organizations/roles/organization-role.loader';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleConnectionType } from '#src/features/roles/role.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => OrganizationType)
export class OrganizationRolesResolver {
  @Auth({ permissions: [['read:roles']] })
  @FieldResolver(() => RoleConnectionType, {
    nullable: true,
    description: 'The roles that belong to it and only its members can have, by name.',
  })
  async roles(
    @Root() { id }: OrganizationRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<RoleRow>> {
    const rows = await rolesByOrganization.load(context, id, page, null);
    return toConnection(rows, () => countRolesOf(context, id));
  }
}
