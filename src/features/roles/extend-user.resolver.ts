import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';
import { rolesByUser } from './role.loader';
import type { RoleRow } from './role.repository';
import { RoleType } from './role.type';

@Resolver(() => UserType)
export class UserRolesResolver {
  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('roles')
  @FieldResolver(() => [RoleType], {
    nullable: true,
    description:
      'The roles that the user holds for the whole deployment, at most 50. Those within organizations: `organizations`.',
  })
  roles(
    @Root() user: UserRow,
    @Ctx() context: RequestContext,
  ): readonly RoleRow[] | Promise<readonly RoleRow[]> {
    return context.load(rolesByUser).load(user.id);
  }
}
