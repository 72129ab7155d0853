import { Field, ID, InputType, Int } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import type { NewUser } from '#src/features/users/changes/create-user';
import type { UniqueKey } from './find-user';
import type { UserChange } from '#src/features/users/changes/update-user';
import { NamesInput } from '#src/features/users/names.type';
import { OneOf } from '#src/graphql/one-of';
import { JsonScalar } from '#src/graphql/scalars';

@InputType()
abstract class ProfileInput extends NamesInput {
  @Attribute('email')
  @Field(() => String, {
    nullable: true,
    description: 'At most 254 characters; unique within the connection.',
  })
  email?: string | null;

  @Attribute('email_verified')
  @Field(() => Boolean, { nullable: true, description: 'Set it only when somebody proved the address.' })
  emailVerified?: boolean | null;

  @Attribute('username')
  @Field(() => String, {
    nullable: true,
    description: '1 to 15 characters by default; unique within the connection.',
  })
  username?: string | null;

  @Attribute('phone_number')
  @Field(() => String, { nullable: true, description: 'E.164: a plus sign and up to 15 digits.' })
  phoneNumber?: string | null;

  @Attribute('phone_verified')
  @Field(() => Boolean, { nullable: true, description: 'Set it only when somebody proved the number.' })
  phoneVerified?: boolean | null;
}

@InputType('CreateUserInput', {
  description: 'A new user. A database connection asks for an email, a username or a phoneNumber.',
})
export class CreateUserInput extends ProfileInput implements Omit<NewUser, 'attributes'> {
  @Field(() => String, { nullable: true, description: 'Name of the connection; default `main`.' })
  connection?: string | null;

  @Field(() => String, {
    nullable: true,
    name: 'userId',
    description:
      'Id at the identity provider: the part of the new id behind the strategy. Made up when absent.',
  })
  userId?: string | null;

  @Attribute('blocked')
  @Field(() => Boolean, { nullable: true, description: 'Whether the user may not sign in yet.' })
  blocked?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Password to sign in with; only for a database connection.',
  })
  password?: string | null;

  @Attribute('user_metadata')
  @Field(() => JsonScalar, { nullable: true, description: 'First user_metadata: an object.' })
  userMetadata?: unknown;

  @Attribute('app_metadata')
  @Field(() => JsonScalar, { nullable: true, description: 'First app_metadata: an object.' })
  appMetadata?: unknown;
}

@InputType('UpdateUserInput', { description: 'A field that is absent stays as it is; null unsets it.' })
export class UpdateUserInput extends ProfileInput implements UserChange {
  @Field(() => ID, { description: 'The user to change.' })
  id!: string;

  @Attribute('blocked')
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the user is kept from signing in, as by `blockUser` and `unblockUser`.',
  })
  blocked?: boolean | null;

  @Auth()
  @Field(() => Int, { nullable: true, description: 'Refuse when the stored version is another.' })
  ifVersion?: number | null;
}

@InputType('DeleteUserInput', { description: 'The user to delete.' })
export class DeleteUserInput {
  @Field(() => ID, { description: 'The user with all linked identities.' })
  id!: string;
}

@InputType('BlockUserInput', { description: 'The user to block.' })
export class BlockUserInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;
}

@InputType('UnblockUserInput', { description: 'The user to unblock.' })
export class UnblockUserInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;
}

@InputType('UserIdentityInput', { description: 'One identity of a user.' })
export class UserIdentityInput {
  @Field(() => String, { description: 'Name of the connection.' })
  connection!: string;

  @Field(() => ID, { description: 'Id at the identity provider.' })
  userId!: string;
}

@OneOf('UserUniqueInput')
@InputType('UserUniqueInput', { description: 'What names exactly one user: exactly one field is given.' })
export class UserUniqueInput implements UniqueKey {
  @Field(() => ID, { nullable: true, description: 'The id.' })
  id?: string | null;

  @Attribute('email')
  @Field(() => String, { nullable: true, description: 'The e-mail address, in any case.' })
  email?: string | null;

  @Attribute('username')
  @Field(() => String, { nullable: true, description: 'The username, in any case.' })
  username?: string | null;

  @Attribute('phone_number')
  @Field(() => String, { nullable: true, description: 'The phone number in E.164 form.' })
  phoneNumber?: string | null;

  @Attribute('identities')
  @Field(() => UserIdentityInput, { nullable: true, description: 'A primary or linked identity.' })
  identity?: UserIdentityInput | null;
}
