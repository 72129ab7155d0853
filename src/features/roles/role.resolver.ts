import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Attribute, Auth, WithParent } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { UserConnectionType } from '#src/features/users/user.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import { countListedRoles, listRoles } from './list-roles';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import { permissionsByRole } from './permission.loader';
import type { PermissionRow } from './permission.repository';
import { PermissionType } from './permission.type';
import { RoleListArgs } from './role-list.input';
import { countUsersOfRole, usersOfRole } from './role-members.loader';
import {
  AddRolePermissionsPayload,
  CreateRolePayload,
  DeleteRolePayload,
  RemoveRolePermissionsPayload,
  UpdateRolePayload,
} from './role-payload.type';
import {
  AddRolePermissionsInput,
  CreateRoleInput,
  DeleteRoleInput,
  RemoveRolePermissionsInput,
  UpdateRoleInput,
} from './role.input';
import { roleById } from './role.loader';
import type { RoleRow } from './role.repository';
import type { RoleService } from './role.service';
import { RoleConnectionType, RoleType } from './role.type';

interface RolePayload {
  readonly role: RoleRow;
}

@Resolver(() => RoleType)
export class RoleResolver {
  constructor(private readonly roles: RoleService) {}

  @Auth({ permissions: [['read:roles']] })
  @Query(() => RoleType, { nullable: true, description: 'One role; null when there is none within reach.' })
  role(
    @Arg('id', () => ID, { description: 'Id of the role.' }) id: string,
    @Ctx() context: RequestContext,
  ): RoleRow | null | Promise<RoleRow | null> {
    return context.load(roleById).load(id);
  }

  @Auth({ permissions: [['read:roles']] })
  @Query(() => RoleConnectionType, {
    name: 'roles',
    nullable: true,
    description: 'Roles, in the order of their names.',
  })
  async listRoles(
    @Args(() => RoleListArgs) args: RoleListArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<RoleRow>> {
    return toConnection(await listRoles(context, args, args), () => countListedRoles(context, args));
  }

  @WithParent()
  @FieldResolver(() => [PermissionType], {
    nullable: true,
    description: 'What the role allows; at most 1,000.',
  })
  permissions(
    @Root() role: RoleRow,
    @Ctx() context: RequestContext,
  ): readonly PermissionRow[] | Promise<readonly PermissionRow[]> {
    return context.load(permissionsByRole).load(role.id);
  }

  /** SECURITY: who holds a role is the same secret as the roles of a user, seen from the other side. */
  @Auth({ permissions: [['read:users']] })
  @Attribute('roles')
  @FieldResolver(() => UserConnectionType, {
    nullable: true,
    description: 'Users who hold the role for the whole deployment, in the order of their ids.',
  })
  async users(
    @Root() role: RoleRow,
    @Args(() => ForwardPageArgs) page: ForwardPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<UserRow>> {
    return toConnection(await usersOfRole(context, role.id, page), () => countUsersOfRole(context, role.id));
  }

  @Auth({ permissions: [['create:roles']] })
  @Mutation(() => CreateRolePayload, { description: 'Creates a role for the whole deployment.' })
  async createRole(
    @Arg('input', () => CreateRoleInput) input: CreateRoleInput,
    @Ctx() context: RequestContext,
  ): Promise<RolePayload> {
    return { role: await this.roles.create(context, input) };
  }

  @Auth({ permissions: [['update:roles']] })
  @Mutation(() => UpdateRolePayload, { description: 'Changes name or description of a role.' })
  async updateRole(
    @Arg('input', () => UpdateRoleInput) input: UpdateRoleInput,
    @Ctx() context: RequestContext,
  ): Promise<RolePayload> {
    return changed(context, await this.roles.update(context, input));
  }

  @Auth({ permissions: [['delete:roles']] })
  @Mutation(() => DeleteRolePayload, { description: 'Deletes a role and takes it from everybody.' })
  async deleteRole(
    @Arg('input', () => DeleteRoleInput) { id }: DeleteRoleInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    const deletedId = await this.roles.delete(context, id);
    context.load(roleById).clear(id);
    return { deletedId };
  }

  @Auth({ permissions: [['update:roles']] })
  @Mutation(() => AddRolePermissionsPayload, {
    description: 'Adds permissions to a role; all of them or none.',
  })
  async addRolePermissions(
    @Arg('input', () => AddRolePermissionsInput) input: AddRolePermissionsInput,
    @Ctx() context: RequestContext,
  ): Promise<RolePayload> {
    return changed(context, await this.roles.addPermissions(context, input));
  }

  @Auth({ permissions: [['update:roles']] })
  @Mutation(() => RemoveRolePermissionsPayload, { description: 'Takes permissions from a role.' })
  async removeRolePermissions(
    @Arg('input', () => RemoveRolePermissionsInput) input: RemoveRolePermissionsInput,
    @Ctx() context: RequestContext,
  ): Promise<RolePayload> {
    return changed(context, await this.roles.removePermissions(context, input));
  }
}

/** What an earlier mutation of the same request read of the role is forgotten. */
function changed(context: RequestContext, role: RoleRow): RolePayload {
  context.load(roleById).clear(role.id);
  context.load(permissionsByRole).clear(role.id);
  return { role };
}
