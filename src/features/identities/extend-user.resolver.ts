import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import { identitiesByUser } from './identity.loader';
import type { IdentityRow } from './identity.repository';
import { IdentityType, readIdentities } from './identity.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => UserType)
export class ExtendUserWithIdentitiesResolver {
  @readIdentities()
  @Attribute('identities')
  @FieldResolver(() => [IdentityType], {
    nullable: true,
    description: 'All accounts of the user, the primary first; at most 50.',
  })
  identities(
    @Root() user: UserRow,
    @Ctx() context: RequestContext,
  ): readonly IdentityRow[] | Promise<readonly IdentityRow[]> {
    return context.load(identitiesByUser).load(user.id);
  }
}
