import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleType } from '#src/features/roles/role.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import * as payloads from './group-payload.type';
import * as inputs from './group.input';
import {
  childrenByGroup,
  forgetGroup,
  groupById,
  mappingsByGroup,
  parentsByGroup,
  rolesByGroup,
} from './group.loader';
import type { GroupRow } from './group.repository';
import type { GroupService } from './group.service';
import { GroupConnectionType, GroupMappingType, GroupType } from './group.type';
import type { GroupMappingRow } from '#src/features/groups/mappings/group-mapping.repository';
import type { GroupMappingService } from '#src/features/groups/mappings/group-mapping.service';
import type { GroupMemberService } from '#src/features/groups/members/group-member.service';
import type { NestingService } from '#src/features/groups/nesting/nesting.service';
import type { GroupRoleService } from '#src/features/groups/roles/group-role.service';

interface GroupPayload {
  readonly group: GroupRow;
}

type Rows<Row> = readonly Row[] | Promise<readonly Row[]>;

export interface GroupServices {
  readonly groups: GroupService;
  readonly nesting: NestingService;
  readonly groupMembers: GroupMemberService;
  readonly groupRoles: GroupRoleService;
  readonly groupMappings: GroupMappingService;
}

@Resolver(() => GroupType)
export class GroupResolver {
  constructor(private readonly groups: GroupService) {}

  @Auth({ permissions: [['read:groups']] })
  @Query(() => GroupType, { nullable: true, description: 'One group; null when there is none within reach.' })
  group(
    @Arg('id', () => ID, { description: 'Id of the group.' }) id: string,
    @Ctx() context: RequestContext,
  ): GroupRow | null | Promise<GroupRow | null> {
    return context.load(groupById).load(id);
  }

  @Auth({ permissions: [['read:groups']] })
  @Query(() => GroupConnectionType, {
    name: 'groups',
    nullable: true,
    description: 'Groups of the deployment and of organizations, in the order of their names.',
  })
  async listGroups(
    @Args(() => inputs.GroupListArgs) args: inputs.GroupListArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<GroupRow>> {
    return toConnection(await this.groups.list(context, args, args), () => this.groups.count(context, args));
  }

  @WithParent()
  @FieldResolver(() => [GroupType], {
    nullable: true,
    description: 'The groups that it stands in directly; at most 100.',
  })
  parents(@Root() { id }: GroupRow, @Ctx() context: RequestContext): Rows<GroupRow> {
    return context.load(parentsByGroup).load(id);
  }

  @WithParent()
  @FieldResolver(() => [GroupType], {
    nullable: true,
    description: 'The groups that stand in it directly; at most 1,000.',
  })
  children(@Root() { id }: GroupRow, @Ctx() context: RequestContext): Rows<GroupRow> {
    return context.load(childrenByGroup).load(id);
  }

  @Auth({ permissions: [['read:roles']] })
  @FieldResolver(() => [RoleType], {
    nullable: true,
    description: 'The roles of the group itself; at most 1,000.',
  })
  roles(@Root() { id }: GroupRow, @Ctx() context: RequestContext): Rows<RoleRow> {
    return context.load(rolesByGroup).load(id);
  }

  @WithParent()
  @FieldResolver(() => [GroupMappingType], {
    nullable: true,
    description: 'The groups of identity providers that fill it; at most 1,000.',
  })
  mappings(@Root() { id }: GroupRow, @Ctx() context: RequestContext): Rows<GroupMappingRow> {
    return context.load(mappingsByGroup).load(id);
  }
}

@Resolver()
export class GroupMutationResolver {
  constructor(private readonly services: GroupServices) {}

  @Auth({ permissions: [['create:groups']] })
  @Mutation(() => payloads.CreateGroupPayload, { description: 'Creates a group.' })
  async createGroup(
    @Arg('input', () => inputs.CreateGroupInput) input: inputs.CreateGroupInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.groups.create(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.UpdateGroupPayload, { description: 'Changes name or description of a group.' })
  async updateGroup(
    @Arg('input', () => inputs.UpdateGroupInput) input: inputs.UpdateGroupInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.groups.update(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.AddGroupMembersPayload, {
    description:
      'Puts users into a group; all of them or none. Takes holding the roles of the group and of all above it.',
  })
  async addGroupMembers(
    @Arg('input', () => inputs.AddGroupMembersInput) input: inputs.AddGroupMembersInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.groupMembers.add(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.RemoveGroupMembersPayload, { description: 'Takes users out of a group.' })
  async removeGroupMembers(
    @Arg('input', () => inputs.RemoveGroupMembersInput) input: inputs.RemoveGroupMembersInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.groupMembers.remove(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.AddChildGroupsPayload, {
    description:
      'Puts groups into another; all of them or none. CONFLICT, with the way round, where a group would stand in itself.',
  })
  async addChildGroups(
    @Arg('input', () => inputs.AddChildGroupsInput) input: inputs.AddChildGroupsInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.nesting.add(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.RemoveChildGroupsPayload, {
    description: 'Takes groups out of another; they stay groups.',
  })
  async removeChildGroups(
    @Arg('input', () => inputs.RemoveChildGroupsInput) input: inputs.RemoveChildGroupsInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.nesting.remove(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.MoveGroupPayload, {
    description: 'Moves a group with everything below it; all at once or not at all.',
  })
  async moveGroup(
    @Arg('input', () => inputs.MoveGroupInput) input: inputs.MoveGroupInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.nesting.move(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.AddGroupRolesPayload, {
    description: 'Gives roles to a group, and so to everybody in it and below it.',
  })
  async addGroupRoles(
    @Arg('input', () => inputs.AddGroupRolesInput) input: inputs.AddGroupRolesInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.groupRoles.add(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.RemoveGroupRolesPayload, { description: 'Takes roles from a group.' })
  async removeGroupRoles(
    @Arg('input', () => inputs.RemoveGroupRolesInput) input: inputs.RemoveGroupRolesInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.groupRoles.remove(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.CreateGroupMappingPayload, {
    description: 'Lets a group of an identity provider fill a group, from the next sign-in on.',
  })
  async createGroupMapping(
    @Arg('input', () => inputs.CreateGroupMappingInput) input: inputs.CreateGroupMappingInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.groupMappings.create(context, input));
  }

  @Auth({ permissions: [['update:groups']] })
  @Mutation(() => payloads.DeleteGroupMappingPayload, { description: 'Removes a mapping of a group.' })
  async deleteGroupMapping(
    @Arg('input', () => inputs.DeleteGroupMappingInput) { id }: inputs.DeleteGroupMappingInput,
    @Ctx() context: RequestContext,
  ): Promise<GroupPayload> {
    return changed(context, await this.services.groupMappings.delete(context, id));
  }

  @Auth({ permissions: [['delete:groups']] })
  @Mutation(() => payloads.DeleteGroupPayload, {
    description: 'Deletes a group. CONFLICT, with their names, while it stands in others.',
  })
  async deleteGroup(
    @Arg('input', () => inputs.DeleteGroupInput) { id }: inputs.DeleteGroupInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    const deletedId = await this.services.groups.delete(context, id);
    forgetGroup(context, id);
    return { deletedId };
  }
}

/** What an earlier mutation of the same request read of the group is forgotten. */
function changed(context: RequestContext, group: GroupRow): GroupPayload {
  forgetGroup(context, group.id);
  return { group };
}
