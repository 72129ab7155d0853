import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import type { IdentityRow } from './identity.repository';
import { IdentityType, readIdentities } from './identity.type';
import { readableAttributes } from '#src/features/users/profile/readable-attributes';
import type { RequestContext } from '#src/graphql/request-context';
import { JsonScalar } from '#src/graphql/scalars';

@Resolver(() => IdentityType)
export class IdentityFieldsResolver {
  @readIdentities()
  @Attribute('identities.user_id')
  @FieldResolver(() => ID, {
    nullable: true,
    description: "The user's id at the provider; with the provider in front it is a user id.",
  })
  userId(@Root() identity: IdentityRow): string {
    return identity.providerUserId;
  }

  @readIdentities()
  @Attribute('identities')
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: "Whether the user's id and attributes come from this one.",
  })
  isPrimary(@Root() identity: IdentityRow): boolean {
    return identity.position === 0;
  }

  @readIdentities()
  @Attribute('identities.profile_data')
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description:
      'What a linked identity keeps of the user it was. Attributes that the caller may not read are left out.',
  })
  profileData(@Root() identity: IdentityRow, @Ctx() context: RequestContext): unknown {
    const { profileData, userId, connection } = identity;
    if (profileData === null) return null;
    const facts = context.gate.factsOf(userId, connection);
    return facts instanceof Promise
      ? facts.then((known) => readableAttributes(context, 'identities.profile_data', profileData, known))
      : readableAttributes(context, 'identities.profile_data', profileData, facts);
  }
}
