import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  countMembershipsOf,
  membershipsByOrganization,
} from '#src/features/organizations/members/membership.loader';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipConnectionType } from '#src/features/organizations/members/membership.type';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => OrganizationType)
export class OrganizationMembersResolver {
  @Auth({ permissions: [['read:organization_members']] })
  @FieldResolver(() => MembershipConnectionType, {
    nullable: true,
    description: 'Who belongs to it, in the order of joining.',
  })
  async members(
    @Root() { id }: OrganizationRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<MembershipRow>> {
    const rows = await membershipsByOrganization.load(context, id, page, null);
    return toConnection(rows, () => countMembershipsOf(context, 'organizationId', id));
  }
}
