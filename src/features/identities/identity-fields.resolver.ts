import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { discardedByIdentity } from './identity.loader';
import type { IdentityRow } from './identity.repository';
import { IdentityType, readIdentities } from './identity.type';
import type { StoreName } from '#src/features/metadata/metadata-store';
import { readablePart } from '#src/features/metadata/readable-part';
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

  @Auth({ permissions: [['read:users']] })
  @Attribute('user_metadata')
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description:
      'The user_metadata of the user whom linking made this identity; null when there was none. `unlinkIdentity` can give it back.',
  })
  async discardedUserMetadata(
    @Root() identity: IdentityRow,
    @Ctx() context: RequestContext,
  ): Promise<unknown> {
    return discardedOf(context, identity, 'user');
  }

  @Auth({ permissions: [['read:users'], ['read:users_app_metadata']] })
  @Attribute('app_metadata')
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description: 'The app_metadata of the user whom linking made this identity; null when there was none.',
  })
  async discardedAppMetadata(
    @Root() identity: IdentityRow,
    @Ctx() context: RequestContext,
  ): Promise<unknown> {
    return discardedOf(context, identity, 'app');
  }
}

async function discardedOf(
  context: RequestContext,
  identity: IdentityRow,
  store: StoreName,
): Promise<unknown> {
  const discarded = await context.load(discardedByIdentity).load(identity.id);
  if (discarded === null) return null;
  return readablePart(context, { userId: identity.userId, store, value: discarded[store], path: null });
}
