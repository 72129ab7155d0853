import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import {
  countMembershipsOf,
  membershipsByOrganization,
} from '#src/features/organizations/members/membership.loader';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipConnectionType } from '#src/features/organizations/members/membership.type';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import type { MemberSearch } from '#src/features/organizations/members/member-search';
import { MemberListArgs } from '#src/features/organizations/members/membership.input';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => OrganizationType)
export class OrganizationMembersResolver {
  constructor(private readonly search: MemberSearch) {}

  /** SECURITY: who is a member is the same secret as the organizations of a user, seen from the other side. */
  @Auth({ permissions: [['read:organization_members']] })
  @Attribute('organizations')
  @FieldResolver(() => MembershipConnectionType, {
    nullable: true,
    description: 'Who belongs to it, in the order of joining, all or those that a search finds.',
  })
  async members(
    @Root() { id }: OrganizationRow,
    @Args(() => MemberListArgs) { q, ...page }: MemberListArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<MembershipRow>> {
    const filter = q ? this.search.filterBy(context, q) : null;
    const rows = await membershipsByOrganization.load(context, id, page, filter);
    return toConnection(rows, () => countMembershipsOf(context, 'organizationId', id, filter));
  }
}
