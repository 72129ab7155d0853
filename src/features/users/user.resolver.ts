import { Arg, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { loadUserFor } from '#src/features/users/folds/user-folds';
import { userById } from './user.loader';
import {
  BlockUserInput,
  CreateUserInput,
  DeleteUserInput,
  UnblockUserInput,
  UpdateUserInput,
  UserUniqueInput,
} from './user.input';
import {
  BlockUserPayload,
  CreateUserPayload,
  DeleteUserPayload,
  UnblockUserPayload,
  UpdateUserPayload,
} from './user-payload.type';
import type { UserRow } from './user-row';
import type { UserService } from './user.service';
import { UserType } from './user.type';
import type { RequestContext } from '#src/graphql/request-context';

type MaybeUser = UserRow | null | Promise<UserRow | null>;
type UserPayload = { user: UserRow | null };

@Resolver()
export class UserResolver {
  constructor(private readonly users: UserService) {}

  @Auth()
  @Query(() => UserType, { nullable: true, description: 'The signed-in user; null for a machine caller.' })
  me(@Ctx() context: RequestContext, @Info() info: GraphQLResolveInfo): MaybeUser {
    const { userId } = context.principal;
    return userId === null ? null : loadUserFor(context, userId, info);
  }

  // Who may read app_metadata alone reaches the user too; every other attribute then answers null.
  @Auth({ permissions: [['read:users'], ['read:users_app_metadata']], orSelf: true })
  @Query(() => UserType, { nullable: true, description: 'One user; null when there is none within reach.' })
  user(
    @Arg('id', () => ID, { description: 'Id of the user.' }) id: string,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): MaybeUser {
    return loadUserFor(context, id, info);
  }

  @Auth({ permissions: [['read:users']] })
  @Query(() => UserType, { nullable: true, description: 'The one user that a unique key names.' })
  async userBy(
    @Arg('where', () => UserUniqueInput, { description: 'Exactly one key.' }) where: UserUniqueInput,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserRow | null> {
    const id = await this.users.findId(context, where);
    return id === null ? null : loadUserFor(context, id, info);
  }

  @Auth({ permissions: [['read:users']] })
  @Query(() => [UserType], {
    nullable: true,
    description: 'Users with an e-mail address, in every connection, oldest first; at most 100.',
  })
  usersByEmail(
    @Attribute('email') @Arg('email', () => String, { description: 'The whole address.' }) email: string,
    @Arg('caseSensitive', () => Boolean, {
      defaultValue: true,
      description: 'Whether case must match what is stored.',
    })
    caseSensitive: boolean,
    @Ctx() context: RequestContext,
  ): Promise<UserRow[]> {
    return this.users.findByEmail(context, { email, caseSensitive });
  }

  @Auth({ permissions: [['create:users']] })
  @Mutation(() => CreateUserPayload, { description: 'Creates a user.' })
  async createUser(
    @Arg('input', () => CreateUserInput) { userId, ...input }: CreateUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    await this.users.requireUnclaimed(context, input);
    const created = await this.users.create(context, { ...input, providerUserId: userId ?? null });
    return reload(context, created.id);
  }

  @Auth({ permissions: [['update:users']] })
  @Mutation(() => UpdateUserPayload, { description: 'Changes root attributes of a user.' })
  async updateUser(
    @Arg('input', () => UpdateUserInput) input: UpdateUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    await this.users.requireUnclaimedChange(context, input);
    await this.users.update(context, input);
    return reload(context, input.id);
  }

  @Auth({ permissions: [['delete:users']] })
  @Mutation(() => DeleteUserPayload, { description: 'Deletes a user with everything that belongs to it.' })
  async deleteUser(
    @Arg('input', () => DeleteUserInput) { id }: DeleteUserInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    await this.users.delete(context, id);
    context.load(userById).clear(id);
    return { deletedId: id };
  }

  @Auth({ permissions: [['update:users']] })
  @Mutation(() => BlockUserPayload, { description: 'Keeps a user from signing in and ends all sessions.' })
  async blockUser(
    @Arg('input', () => BlockUserInput) { id }: BlockUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    await this.users.block(context, id);
    return reload(context, id);
  }

  @Auth({ permissions: [['update:users']] })
  @Mutation(() => UnblockUserPayload, { description: 'Lets a blocked user sign in again.' })
  async unblockUser(
    @Arg('input', () => UnblockUserInput) { id }: UnblockUserInput,
    @Ctx() context: RequestContext,
  ): Promise<UserPayload> {
    await this.users.unblock(context, id);
    return reload(context, id);
  }
}

/** The user as it is stored now; what an earlier mutation of the same request read is forgotten. */
async function reload(context: RequestContext, id: string): Promise<UserPayload> {
  const loader = context.load(userById);
  loader.clear(id);
  return { user: await loader.load(id) };
}
