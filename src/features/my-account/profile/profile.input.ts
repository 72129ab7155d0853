import { Field, ID, InputType } from 'type-graphql';
import { Attribute, Blacklisted } from '#src/access/decorators';
import type { OwnProfileChange } from '#src/features/my-account/profile/update-profile';
import { NamesInput } from '#src/features/users/names.type';
import { JsonScalar } from '#src/graphql/scalars';

/** SECURITY: what users never write of themselves is named here, so that it is refused as such and nothing else is written. */
@InputType('UpdateMyProfileInput', { description: 'A field that is absent stays as it is; null unsets it.' })
export class UpdateMyProfileInput extends NamesInput implements OwnProfileChange {
  @Attribute('user_metadata')
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A JSON Merge Patch (RFC 7396) of user_metadata: objects are merged, null removes.',
  })
  userMetadata?: unknown;

  @Blacklisted()
  @Attribute('app_metadata')
  @Field(() => JsonScalar, { nullable: true, description: 'Refused with FORBIDDEN_ARGUMENT.' })
  appMetadata?: unknown;

  @Blacklisted()
  @Attribute('email_verified')
  @Field(() => Boolean, { nullable: true, description: 'Refused with FORBIDDEN_ARGUMENT.' })
  emailVerified?: boolean | null;

  @Blacklisted()
  @Attribute('phone_verified')
  @Field(() => Boolean, { nullable: true, description: 'Refused with FORBIDDEN_ARGUMENT.' })
  phoneVerified?: boolean | null;

  @Blacklisted()
  @Attribute('blocked')
  @Field(() => Boolean, { nullable: true, description: 'Refused with FORBIDDEN_ARGUMENT.' })
  blocked?: boolean | null;

  @Blacklisted()
  @Attribute('roles')
  @Field(() => [ID], { nullable: true, description: 'Refused with FORBIDDEN_ARGUMENT.' })
  roles?: readonly string[] | null;

  @Blacklisted()
  @Field(() => ID, {
    nullable: true,
    description: 'Refused with FORBIDDEN_ARGUMENT: the caller says who it is.',
  })
  userId?: string | null;
}
