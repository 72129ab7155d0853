import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';

@ObjectType('LinkIdentityPayload', { description: 'The user with the identity.' })
@WithParent()
export class LinkIdentityPayload {
  @Field(() => UserType, { nullable: true, description: 'The user that stayed.' })
  user!: UserRow | null;

  @Field(() => ID, { description: 'The id that no user has any more.' })
  linkedUserId!: string;
}

@ObjectType('SetPrimaryIdentityPayload', { description: 'The user with another primary identity.' })
@WithParent()
export class SetPrimaryIdentityPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('UnlinkIdentityPayload', { description: 'The two users.' })
@WithParent()
export class UnlinkIdentityPayload {
  @Field(() => UserType, { nullable: true, description: 'The user that kept its primary identity.' })
  user!: UserRow | null;

  @Field(() => UserType, {
    nullable: true,
    description: 'The user that the identity became, with empty metadata.',
  })
  separatedUser!: UserRow | null;
}
