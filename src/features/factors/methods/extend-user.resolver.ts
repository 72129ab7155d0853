import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { methodsByUser } from '#src/features/factors/methods/authentication-method.loader';
import { EnrolledMethodType } from '#src/features/factors/methods/authentication-method.type';
import type { MethodView } from '#src/features/factors/methods/method-view';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => UserType)
export class UserMethodsResolver {
  @Auth({ permissions: [['read:authentication_methods']] })
  @Attribute('multifactor')
  @FieldResolver(() => [EnrolledMethodType], {
    nullable: true,
    description:
      'What the user can prove an identity with; at most 20 of each kind. One’s own are in `myAccount`.',
  })
  authenticationMethods(
    @Root() { id }: UserRow,
    @Ctx() context: RequestContext,
  ): readonly MethodView[] | Promise<readonly MethodView[]> {
    return context.load(methodsByUser).load(id);
  }
}
