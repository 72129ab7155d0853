import { Field, ObjectType } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import type { IdentityRow } from './identity.repository';

/** The identity's own user reads it, and administrators. */
export const readIdentities = () => Auth({ permissions: [['read:users']], orSelf: true });

/** `userId`, `isPrimary` and `profileData` are in `identity-fields.resolver.ts`: in a row `userId` is the owner. */
@ObjectType('Identity', {
  description: 'An account of a user at a connection. The first of a user is the primary.',
})
export class IdentityType implements Pick<IdentityRow, 'connection' | 'provider' | 'isSocial'> {
  @readIdentities()
  @Attribute('identities.connection')
  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection!: string;

  @readIdentities()
  @Attribute('identities.provider')
  @Field(() => String, {
    nullable: true,
    description: 'Strategy of the connection: `auth0`, `google-oauth2`, `samlp`.',
  })
  provider!: string;

  @readIdentities()
  @Attribute('identities.is_social')
  @Field(() => Boolean, { nullable: true, description: 'Whether the connection is a social provider.' })
  isSocial!: boolean;
}
