import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { GroupRow } from './group.repository';
import { GroupType } from './group.type';

@ObjectType('CreateGroupPayload', { description: 'The group that was made.' })
@WithParent()
export class CreateGroupPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('UpdateGroupPayload', { description: 'The group that was changed.' })
@WithParent()
export class UpdateGroupPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('AddGroupMembersPayload', { description: 'The group with its members.' })
@WithParent()
export class AddGroupMembersPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('RemoveGroupMembersPayload', { description: 'The group with its members.' })
@WithParent()
export class RemoveGroupMembersPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('AddChildGroupsPayload', { description: 'The group that others stand in.' })
@WithParent()
export class AddChildGroupsPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('RemoveChildGroupsPayload', { description: 'The group that others stand in.' })
@WithParent()
export class RemoveChildGroupsPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('MoveGroupPayload', { description: 'The group that was moved.' })
@WithParent()
export class MoveGroupPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('AddGroupRolesPayload', { description: 'The group with its roles.' })
@WithParent()
export class AddGroupRolesPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('RemoveGroupRolesPayload', { description: 'The group with its roles.' })
@WithParent()
export class RemoveGroupRolesPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('CreateGroupMappingPayload', { description: 'The group with its mappings.' })
@WithParent()
export class CreateGroupMappingPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('DeleteGroupMappingPayload', { description: 'The group with its mappings.' })
@WithParent()
export class DeleteGroupMappingPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group!: GroupRow;
}

@ObjectType('DeleteGroupPayload', { description: 'The group that was deleted.' })
@WithParent()
export class DeleteGroupPayload {
  @Field(() => ID, { description: 'The id of the deleted group; it is never used again.' })
  deletedId!: string;
}
