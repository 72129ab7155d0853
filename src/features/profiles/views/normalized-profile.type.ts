import { Field, ID, ObjectType } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';

const readUsers = () => Auth({ permissions: [['read:users']], orSelf: true });

/** The row behind it: attributes that the caller may not read are null already, and each field asks again. */
export interface NormalizedRow {
  readonly userId: string;
  readonly name: string | null;
  readonly nickname: string | null;
  readonly picture: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
}

@ObjectType('NormalizedProfile', {
  description: 'The attributes that every user has, whatever provider it comes from.',
})
export class NormalizedProfileType implements NormalizedRow {
  @readUsers()
  @Field(() => ID, { nullable: true, description: 'Id of the user.' })
  userId!: string;

  @readUsers()
  @Attribute('name')
  @Field(() => String, { nullable: true, description: 'Full name, or what stands in for it.' })
  name!: string | null;

  @readUsers()
  @Attribute('nickname')
  @Field(() => String, { nullable: true, description: 'Short name, or what stands in for it.' })
  nickname!: string | null;

  @readUsers()
  @Attribute('picture')
  @Field(() => String, { nullable: true, description: 'The stored picture, or the one that is made.' })
  picture!: string | null;

  @readUsers()
  @Attribute('email')
  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  email!: string | null;

  @readUsers()
  @Attribute('email_verified')
  @Field(() => Boolean, { nullable: true, description: 'Whether the address is verified.' })
  emailVerified!: boolean | null;

  @readUsers()
  @Attribute('given_name')
  @Field(() => String, { nullable: true, description: 'First name.' })
  givenName!: string | null;

  @readUsers()
  @Attribute('family_name')
  @Field(() => String, { nullable: true, description: 'Last name.' })
  familyName!: string | null;
}
