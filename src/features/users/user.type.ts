import { Field, Int, ObjectType } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import type { UserRow } from './user-row';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

type StoredFields = Omit<UserRow, 'connection' | 'attributes' | 'multifactor' | 'multifactorLastModified'>;

/** Who may read a user's attributes: administrators, and the user. Stored rules can only narrow it. */
const readUsers = () => Auth({ permissions: [['read:users']], orSelf: true });

/** `attributes`, and `name`, `nickname` and `picture` where nothing is stored, are computed in `user-fields.resolver.ts`. */
@ObjectType('User', {
  implements: NodeType,
  description: 'A person who signs in. Every attribute is null for a caller who may not read it.',
})
export class UserType extends NodeType implements StoredFields {
  @readUsers()
  @Attribute('email')
  @Field(() => String, {
    nullable: true,
    description: 'E-mail address; in lower case for users of a database connection.',
  })
  email!: string | null;

  @readUsers()
  @Attribute('email_verified')
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether somebody proved to read mail at this address.',
  })
  emailVerified!: boolean | null;

  @readUsers()
  @Attribute('username')
  @Field(() => String, { nullable: true, description: 'Name to sign in with, in lower case.' })
  username!: string | null;

  @readUsers()
  @Attribute('phone_number')
  @Field(() => String, { nullable: true, description: 'Phone number in E.164 form: `+14155550123`.' })
  phoneNumber!: string | null;

  @readUsers()
  @Attribute('phone_verified')
  @Field(() => Boolean, { nullable: true, description: 'Whether somebody proved to have this phone.' })
  phoneVerified!: boolean | null;

  @readUsers()
  @Attribute('name')
  @Field(() => String, {
    nullable: true,
    description:
      'Full name. Where none is stored: given and family name, e-mail address, phone number or username, whichever the caller may read first.',
  })
  name!: string | null;

  @readUsers()
  @Attribute('given_name')
  @Field(() => String, { nullable: true, description: 'First name.' })
  givenName!: string | null;

  @readUsers()
  @Attribute('family_name')
  @Field(() => String, { nullable: true, description: 'Last name.' })
  familyName!: string | null;

  @readUsers()
  @Attribute('nickname')
  @Field(() => String, {
    nullable: true,
    description: 'Short name. Where none is stored: the local part of the e-mail address, or the username.',
  })
  nickname!: string | null;

  @readUsers()
  @Attribute('picture')
  @Field(() => String, {
    nullable: true,
    description:
      'URL of a picture. Where none is stored: a Gravatar URL of the e-mail address, or the initials.',
  })
  picture!: string | null;

  @readUsers()
  @Attribute('blocked')
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether an administrator keeps this user from signing in.',
  })
  blocked!: boolean;

  @readUsers()
  @Attribute('created_at')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the user first came into being here.' })
  createdAt!: Instant;

  @readUsers()
  @Attribute('updated_at')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When anything about the user last changed, sign-ins included.',
  })
  updatedAt!: Instant;

  @readUsers()
  @Attribute('last_login')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The last sign-in, refused ones of a blocked user included.',
  })
  lastLogin!: Instant | null;

  @readUsers()
  @Attribute('last_ip')
  @Field(() => String, { nullable: true, description: 'IP address of the last sign-in.' })
  lastIp!: string | null;

  @readUsers()
  @Attribute('logins_count')
  @Field(() => Int, { nullable: true, description: 'How many sign-ins there were; null before the first.' })
  loginsCount!: number | null;

  @readUsers()
  @Attribute('last_password_reset')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the password was last changed; null until it is.',
  })
  lastPasswordReset!: Instant | null;

  @readUsers()
  @Attribute('version')
  @Field(() => Int, {
    nullable: true,
    description: 'Moves on with every change of a root attribute; send it as `ifVersion`.',
  })
  version!: number;
}

export const UserConnectionType = connectionType(UserType, 'User');
