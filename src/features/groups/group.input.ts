import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '#src/graphql/page-arguments.type';
import type { CreateGroup, GroupSearch, UpdateGroup } from './group.service';
import type { NewMapping } from '#src/features/groups/mappings/group-mapping.service';
import type { GroupMembers } from '#src/features/groups/members/group-member.service';
import type { ChildGroups, MoveGroup } from '#src/features/groups/nesting/nesting.service';
import type { GroupRoles } from '#src/features/groups/roles/group-role.service';

@ArgsType()
export class GroupListArgs extends PageArgs implements GroupSearch {
  @Field(() => ID, { nullable: true, description: 'Only the groups of this organization.' })
  organizationId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only groups whose name begins with this text, whatever the case.',
  })
  name?: string | null;
}

@InputType('CreateGroupInput', { description: 'A new group.' })
export class CreateGroupInput implements CreateGroup {
  @Field(() => String, { description: '1 to 50 characters; unique beside the others, whatever the case.' })
  name!: string;

  @Field(() => String, { description: 'What it is for; 1 to 500 characters.' })
  description!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The organization whose group it is. Without it: the one that the caller is bound to, else the deployment.',
  })
  organizationId?: string | null;
}

@InputType('UpdateGroupInput', { description: 'What changes in a group; what is left out stays.' })
export class UpdateGroupInput implements UpdateGroup {
  @Field(() => ID, { description: 'The group.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The new name.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The new description.' })
  description?: string | null;
}

@InputType('DeleteGroupInput', { description: 'Which group to delete.' })
export class DeleteGroupInput {
  @Field(() => ID, { description: 'The group; it must stand in no other.' })
  id!: string;
}

@InputType('AddGroupMembersInput', { description: 'Users for a group; those who are there already stay.' })
export class AddGroupMembersInput implements GroupMembers {
  @Field(() => ID, { description: 'The group.' })
  id!: string;

  @Field(() => [ID], { description: '1 to 50 users; for a group of an organization, members of it.' })
  userIds!: string[];
}

@InputType('RemoveGroupMembersInput', { description: 'Users whom a group is to lose.' })
export class RemoveGroupMembersInput implements GroupMembers {
  @Field(() => ID, { description: 'The group.' })
  id!: string;

  @Field(() => [ID], { description: '1 to 50 users; those who were not put there change nothing.' })
  userIds!: string[];
}

@InputType('AddChildGroupsInput', { description: 'Groups that are to stand in another.' })
export class AddChildGroupsInput implements ChildGroups {
  @Field(() => ID, { description: 'The group that they are to stand in.' })
  id!: string;

  @Field(() => [ID], { description: '1 to 50 groups of the same organization, or of the deployment.' })
  groupIds!: string[];
}

@InputType('RemoveChildGroupsInput', { description: 'Groups that are to stand in another no longer.' })
export class RemoveChildGroupsInput implements ChildGroups {
  @Field(() => ID, { description: 'The group that they stand in.' })
  id!: string;

  @Field(() => [ID], { description: '1 to 50 groups; those that do not stand there change nothing.' })
  groupIds!: string[];
}

@InputType('MoveGroupInput', { description: 'Where a group is to stand, with everything below it.' })
export class MoveGroupInput implements MoveGroup {
  @Field(() => ID, { description: 'The group.' })
  id!: string;

  @Field(() => [ID], {
    description:
      'All groups that it stands in directly from now on, at most 50; an empty list puts it at the top.',
  })
  parentIds!: string[];
}

@InputType('AddGroupRolesInput', { description: 'Roles for a group; those that it has already stay.' })
export class AddGroupRolesInput implements GroupRoles {
  @Field(() => ID, { description: 'The group.' })
  id!: string;

  @Field(() => [ID], { description: '1 to 50 roles that the caller holds.' })
  roleIds!: string[];
}

@InputType('RemoveGroupRolesInput', { description: 'Roles that a group is to lose.' })
export class RemoveGroupRolesInput implements GroupRoles {
  @Field(() => ID, { description: 'The group.' })
  id!: string;

  @Field(() => [ID], { description: '1 to 50 roles; those that it does not have change nothing.' })
  roleIds!: string[];
}

@InputType('CreateGroupMappingInput', {
  description: 'Which group of an identity provider is to fill a group.',
})
export class CreateGroupMappingInput implements NewMapping {
  @Field(() => ID, { description: 'The group.' })
  groupId!: string;

  @Field(() => String, { description: 'Name of the connection.' })
  connection!: string;

  @Field(() => String, {
    description: 'What the group is called at the provider, in its case; 1 to 50 characters.',
  })
  groupName!: string;
}

@InputType('DeleteGroupMappingInput', { description: 'Which mapping to remove.' })
export class DeleteGroupMappingInput {
  @Field(() => ID, { description: 'The mapping; whoever is in the group by it alone is in it no longer.' })
  id!: string;
}
