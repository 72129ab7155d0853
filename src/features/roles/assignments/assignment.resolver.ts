import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  AddUserPermissionsPayload,
  AddUserRolesPayload,
  RemoveUserPermissionsPayload,
  RemoveUserRolesPayload,
} from '#src/features/roles/assignments/assignment-payload.type';
import {
  AddUserPermissionsInput,
  AddUserRolesInput,
  RemoveUserPermissionsInput,
  RemoveUserRolesInput,
} from '#src/features/roles/assignments/assignment.input';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import { rolesByUser } from '#src/features/roles/role.loader';
import type { UserRow } from '#src/features/users/user-row';
import { userById } from '#src/features/users/user.loader';
import type { RequestContext } from '#src/graphql/request-context';

interface UserPayload {
  readonly user: UserRow | null;
}

@Resolver()
export class AssignmentResolver {
  constructor(private readonly assignments: AssignmentService) {}

  @Auth({ permissions: [['create:role_members']] })
  @Mutation(() => AddUserRolesPayload, { description: 'Gives roles to a user; all of them or none.' })
  async addUserRoles(
    @Arg('input', () => AddUserRolesInput) input: AddUserRolesInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.assignments.addRoles(context, input));
  }

  @Auth({ permissions: [['delete:role_members']] })
  @Mutation(() => RemoveUserRolesPayload, { description: 'Takes roles from a user.' })
  async removeUserRoles(
    @Arg('input', () => RemoveUserRolesInput) input: RemoveUserRolesInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.assignments.removeRoles(context, input));
  }

  @Auth({ permissions: [['create:user_permissions']] })
  @Mutation(() => AddUserPermissionsPayload, {
    description: 'Gives permissions to a user directly; all of them or none.',
  })
  async addUserPermissions(
    @Arg('input', () => AddUserPermissionsInput) input: AddUserPermissionsInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.assignments.addPermissions(context, input));
  }

  @Auth({ permissions: [['delete:user_permissions']] })
  @Mutation(() => RemoveUserPermissionsPayload, { description: 'Takes direct permissions from a user.' })
  async removeUserPermissions(
    @Arg('input', () => RemoveUserPermissionsInput) input: RemoveUserPermissionsInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    return reload(context, await this.assignments.removePermissions(context, input));
  }
}

/** The user as it is stored now; what an earlier mutation of the same request read is forgotten. */
async function reload(context: RequestContext, userId: string): Promise<UserPayload> {
  context.load(rolesByUser).clear(userId);
  return { user: await context.load(userById).load(userId) };
}
