import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth, WithParent } from '#src/access/decorators';
import { countMembersOf, groupById, membersOfGroup } from '#src/features/groups/group.loader';
import type { GroupRow } from '#src/features/groups/group.repository';
import {
  GroupMemberConnectionType,
  GroupMemberSourceKind,
  GroupMemberSourceType,
  GroupMemberType,
  GroupType,
} from '#src/features/groups/group.type';
import type { MemberRow } from '#src/features/groups/members/group-member.repository';
import type { UserRow } from '#src/features/users/user-row';
import { userById } from '#src/features/users/user.loader';
import { UserType } from '#src/features/users/user.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';

interface Source {
  readonly kind: GroupMemberSourceKind;
  readonly groupId: string;
}

interface Member {
  readonly userId: string;
  readonly sources: readonly Source[];
}

@Resolver(() => GroupType)
export class GroupMembersResolver {
  /** SECURITY: who is in a group is the same secret as the groups of a user, seen from the other side. */
  @Auth({ permissions: [['read:users']] })
  @Attribute('groups')
  @FieldResolver(() => GroupMemberConnectionType, {
    nullable: true,
    description: 'Users whom somebody put into the group itself, in the order of their ids.',
  })
  members(
    @Root() { id }: GroupRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Member>> {
    return membersOf(context, id, page, false);
  }

  @Auth({ permissions: [['read:users']] })
  @Attribute('groups')
  @FieldResolver(() => GroupMemberConnectionType, {
    nullable: true,
    description:
      'Everybody in the group: put there, through a mapping, or in a group below. In the order of their ids.',
  })
  calculatedMembers(
    @Root() { id }: GroupRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Member>> {
    return membersOf(context, id, page, true);
  }
}

async function membersOf(
  context: RequestContext,
  groupId: string,
  page: ForwardPageArgs,
  isCalculated: boolean,
): Promise<Connection<Member>> {
  const found = await membersOfGroup.load(context, groupId, page, { isCalculated });
  const rows = found.rows.map((row) => ({ userId: row.userId, sources: sourcesOf(row) }));
  const members = { ...found, rows, keyOf: ({ userId }: Member) => [userId] };
  return toConnection(members, () => countMembersOf(context, groupId, isCalculated));
}

function sourcesOf({ groupId, sources }: MemberRow): readonly Source[] {
  const kindOf = (of: string, source: string): GroupMemberSourceKind => {
    if (of !== groupId) return GroupMemberSourceKind.NESTED;
    return source === '' ? GroupMemberSourceKind.EXPLICIT : GroupMemberSourceKind.MAPPING;
  };
  const all = sources.map(([of, source]) => ({ kind: kindOf(of, source), groupId: of }));
  const distinct = new Map(all.map((source) => [`${source.kind} ${source.groupId}`, source]));
  return [...distinct.keys()].sort().map((key) => distinct.get(key) as Source);
}

@Resolver(() => GroupMemberType)
export class GroupMemberResolver {
  @WithParent()
  @FieldResolver(() => UserType, { nullable: true, description: 'The user.' })
  user(@Root() { userId }: Member, @Ctx() context: RequestContext): UserRow | null | Promise<UserRow | null> {
    return context.load(userById).load(userId);
  }
}

@Resolver(() => GroupMemberSourceType)
export class GroupMemberSourceResolver {
  @WithParent()
  @FieldResolver(() => GroupType, { nullable: true, description: 'The group that the user is in directly.' })
  group(
    @Root() { groupId }: Source,
    @Ctx() context: RequestContext,
  ): GroupRow | null | Promise<GroupRow | null> {
    return context.load(groupById).load(groupId);
  }
}
