import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { effectiveRolesOfUser, type EffectiveRole } from '#src/features/groups/authorization/effective-roles';
import { EffectiveRoleType } from '#src/features/organizations/members/effective-role.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { connectionOf, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';
import { groupsOfUser } from './group.loader';
import type { GroupOfUserRow } from '#src/features/groups/members/group-member.repository';
import { GroupConnectionType, GroupMembershipKind } from './group.type';

@ArgsType()
class UserGroupsArgs extends ForwardPageArgs {
  @Field(() => GroupMembershipKind, {
    defaultValue: GroupMembershipKind.EXPLICIT,
    description: 'Those that somebody put the user into, or all.',
  })
  kind!: GroupMembershipKind;
}

@Resolver(() => UserType)
export class UserGroupsResolver {
  @Auth({ permissions: [['read:users', 'read:groups']], orSelf: true })
  @Attribute('groups')
  @FieldResolver(() => GroupConnectionType, {
    nullable: true,
    description: 'The groups of the user, by name.',
  })
  groups(
    @Root() { id }: UserRow,
    @Args(() => UserGroupsArgs) { kind, ...page }: UserGroupsArgs,
    @Ctx() context: RequestContext,
  ): Connection<GroupOfUserRow> | Promise<Connection<GroupOfUserRow>> {
    return connectionOf(
      groupsOfUser.load(context, id, page, { isCalculated: kind === GroupMembershipKind.CALCULATED }),
    );
  }

  @Auth({ permissions: [['read:users', 'read:groups']], orSelf: true })
  @Attribute('groups')
  @FieldResolver(() => [EffectiveRoleType], {
    nullable: true,
    description:
      'Every role of the user outside of organizations, once, with all ways in which it came. Within one: `organizations`.',
  })
  effectiveRoles(
    @Root() { id }: UserRow,
    @Arg('applicationId', () => ID, {
      nullable: true,
      description: 'Only roles for this application, and those for all.',
    })
    applicationId: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<readonly EffectiveRole[]> {
    return effectiveRolesOfUser(context, id, applicationId ?? null);
  }
}
