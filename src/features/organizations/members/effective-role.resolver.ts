import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth, WithParent } from '#src/access/decorators';
import { EffectiveRoleType, RoleSourceKind } from '#src/features/organizations/members/effective-role.type';
import { rolesByMembership } from '#src/features/organizations/members/membership.loader';
import type { MembershipRow } from '#src/features/organizations/members/membership.repository';
import { MembershipType } from '#src/features/organizations/members/membership.type';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleType } from '#src/features/roles/role.type';
import type { RequestContext } from '#src/graphql/request-context';

/** A role of a membership with its sources. */
interface EffectiveRole {
  readonly role: RoleRow;
  readonly sources: readonly { readonly kind: RoleSourceKind }[];
}

const direct = [{ kind: RoleSourceKind.DIRECT }];

@Resolver(() => MembershipType)
export class MembershipEffectiveRolesResolver {
  @Auth({ permissions: [['read:organization_member_roles']], orSelf: true })
  @Attribute('organizations.roles')
  @FieldResolver(() => [EffectiveRoleType], {
    nullable: true,
    description:
      'The roles in force for the member within this organization, each with the ways in which it came.',
  })
  async effectiveRoles(
    @Root() membership: MembershipRow,
    @Ctx() context: RequestContext,
  ): Promise<readonly EffectiveRole[]> {
    const roles = await context.load(rolesByMembership).load(membership.id);
    return roles.map((role) => ({ role, sources: direct }));
  }
}

@Resolver(() => EffectiveRoleType)
export class EffectiveRoleResolver {
  @WithParent()
  @FieldResolver(() => RoleType, { nullable: true, description: 'The role.' })
  role(@Root() { role }: EffectiveRole): RoleRow {
    return role;
  }
}
