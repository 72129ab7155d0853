import { Field, ID, InputType } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import { DateTimeFilterInput, IntFilterInput, StringFilterInput } from './comparison.input';
import type { FilterInput } from './filter-tree';
import { MetadataFilterInput } from './metadata-filter.input';

/** Each condition carries the attribute path of the field that it asks about, so that who may not read it may not filter by it. */
@InputType('UserFilter', {
  description: 'Conditions on a user. All that are given must hold; null is refused, it is no condition.',
})
export class UserFilterInput implements FilterInput {
  @Field(() => [UserFilterInput], { nullable: true, description: 'All of these hold.' })
  and?: UserFilterInput[];

  @Field(() => [UserFilterInput], {
    nullable: true,
    description: 'Any of these holds; none of an empty list does.',
  })
  or?: UserFilterInput[];

  @Field(() => UserFilterInput, { nullable: true, description: 'This does not hold.' })
  not?: UserFilterInput;

  @Field(() => StringFilterInput, { nullable: true, description: 'User id, case-sensitive.' })
  id?: StringFilterInput;

  @Attribute('email')
  @Field(() => StringFilterInput, { nullable: true, description: 'E-mail address, whatever the case.' })
  email?: StringFilterInput;

  @Attribute('email')
  @Field(() => StringFilterInput, {
    nullable: true,
    description: 'What follows the `@` of the e-mail address, whatever the case.',
  })
  emailDomain?: StringFilterInput;

  @Attribute('email_verified')
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the address was proved; users without this mark match neither value.',
  })
  emailVerified?: boolean;

  @Attribute('username')
  @Field(() => StringFilterInput, { nullable: true, description: 'Username, case-sensitive.' })
  username?: StringFilterInput;

  @Attribute('phone_number')
  @Field(() => StringFilterInput, { nullable: true, description: 'Phone number.' })
  phoneNumber?: StringFilterInput;

  @Attribute('phone_verified')
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the number was proved; users without this mark match neither value.',
  })
  phoneVerified?: boolean;

  @Attribute('name')
  @Field(() => StringFilterInput, { nullable: true, description: 'Full name as stored, whatever the case.' })
  name?: StringFilterInput;

  @Attribute('given_name')
  @Field(() => StringFilterInput, { nullable: true, description: 'First name, whatever the case.' })
  givenName?: StringFilterInput;

  @Attribute('family_name')
  @Field(() => StringFilterInput, { nullable: true, description: 'Last name, whatever the case.' })
  familyName?: StringFilterInput;

  @Attribute('nickname')
  @Field(() => StringFilterInput, { nullable: true, description: 'Short name as stored, whatever the case.' })
  nickname?: StringFilterInput;

  @Attribute('blocked')
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether an administrator keeps the user from signing in.',
  })
  blocked?: boolean;

  @Attribute('created_at')
  @Field(() => DateTimeFilterInput, { nullable: true, description: 'When the user was created.' })
  createdAt?: DateTimeFilterInput;

  @Attribute('updated_at')
  @Field(() => DateTimeFilterInput, { nullable: true, description: 'When the user was last changed.' })
  updatedAt?: DateTimeFilterInput;

  @Attribute('last_login')
  @Field(() => DateTimeFilterInput, { nullable: true, description: 'The last sign-in.' })
  lastLogin?: DateTimeFilterInput;

  @Attribute('last_ip')
  @Field(() => StringFilterInput, { nullable: true, description: 'IP address of the last sign-in.' })
  lastIp?: StringFilterInput;

  @Attribute('logins_count')
  @Field(() => IntFilterInput, {
    nullable: true,
    description: 'Number of sign-ins; there is none before the first.',
  })
  loginsCount?: IntFilterInput;

  @Attribute('identities.connection')
  @Field(() => String, { nullable: true, description: 'Name of the connection of any identity.' })
  connection?: string;

  @Attribute('identities.provider')
  @Field(() => String, { nullable: true, description: 'Strategy of any identity.' })
  provider?: string;

  @Attribute('organizations')
  @Field(() => ID, { nullable: true, description: 'Members of this organization.' })
  organizationId?: string;

  @Attribute('roles')
  @Field(() => ID, { nullable: true, description: 'Users with this role.' })
  roleId?: string;

  @Attribute('roles')
  @Field(() => String, { nullable: true, description: 'Users with a role of this name.' })
  role?: string;

  @Attribute('permissions')
  @Field(() => String, {
    nullable: true,
    description: 'Users with a permission of this name, given directly or through a role.',
  })
  permission?: string;

  @Field(() => [MetadataFilterInput], {
    nullable: true,
    description: 'Conditions on the metadata; all must hold.',
  })
  metadata?: MetadataFilterInput[];
}
