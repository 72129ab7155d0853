import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { GroupRow } from './group.repository';
import type { GroupMappingRow } from '#src/features/groups/mappings/group-mapping.repository';

/** How a user came to be in a group. */
export enum GroupMemberSourceKind {
  EXPLICIT = 'EXPLICIT',
  MAPPING = 'MAPPING',
  NESTED = 'NESTED',
}
registerEnumType(GroupMemberSourceKind, {
  name: 'GroupMemberSourceKind',
  description: 'How a user came to be in a group.',
  valuesConfig: {
    EXPLICIT: { description: 'Somebody put the user there.' },
    MAPPING: { description: 'The identity provider named a mapped group at the last sign-in through it.' },
    NESTED: { description: 'The user is in a group that stands in this one, directly or by way of others.' },
  },
});

/** Which groups of a user are listed. */
export enum GroupMembershipKind {
  EXPLICIT = 'EXPLICIT',
  CALCULATED = 'CALCULATED',
}
registerEnumType(GroupMembershipKind, {
  name: 'GroupMembershipKind',
  description: 'Which groups of a user are listed.',
  valuesConfig: {
    EXPLICIT: { description: 'Those that somebody put the user into.' },
    CALCULATED: { description: 'All: also those through mappings, and those above.' },
  },
});

/** Where members come from, members and roles are edges: see `group.resolver.ts` and `members/`. */
@ObjectType('Group', {
  implements: NodeType,
  description:
    'A named set of users. Groups stand in each other; members have the roles of every group above.',
})
@WithParent()
export class GroupType
  extends NodeType
  implements Pick<GroupRow, 'id' | 'name' | 'description' | 'organizationId' | 'createdAt' | 'updatedAt'>
{
  @Field(() => String, {
    nullable: true,
    description: 'Its name, unique beside the others, whatever the case.',
  })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  description!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The organization whose group it is: it then brings something there alone. Null: of the deployment.',
  })
  organizationId!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was made.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it, or what stands in it, was last changed.',
  })
  updatedAt!: Instant;
}

export const GroupConnectionType = connectionType(GroupType, 'Group');

@ObjectType('GroupMapping', {
  description: 'Whoever signs in through the connection, in a group of this name there, is in the group.',
})
@WithParent()
export class GroupMappingType implements Pick<GroupMappingRow, 'id' | 'groupName' | 'connectionName'> {
  @Field(() => ID, { description: 'Names the mapping when it is to be removed.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What the group is called at the provider.' })
  groupName!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the connection. What others say of groups does not count.',
  })
  connectionName!: string;
}

/** `group` is an edge: see `members/group-member.resolver.ts`. */
@ObjectType('GroupMemberSource', { description: 'One way in which a user came to be in a group.' })
@WithParent()
export class GroupMemberSourceType {
  @Field(() => GroupMemberSourceKind, { nullable: true, description: 'How.' })
  kind!: GroupMemberSourceKind;
}

/** `user` is an edge. */
@ObjectType('GroupMember', { description: 'That a user is in a group.' })
@WithParent()
export class GroupMemberType {
  @Field(() => [GroupMemberSourceType], {
    nullable: true,
    description: 'Every way in which the user is in the group.',
  })
  sources!: readonly GroupMemberSourceType[];
}

export const GroupMemberConnectionType = connectionType(GroupMemberType, 'GroupMember');
