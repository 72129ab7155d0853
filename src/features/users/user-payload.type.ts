import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { UserRow } from './user-row';
import { UserType } from './user.type';

@ObjectType('CreateUserPayload', { description: 'The user that was created.' })
@WithParent()
export class CreateUserPayload {
  @Field(() => UserType, { nullable: true, description: 'The new user.' })
  user!: UserRow | null;
}

@ObjectType('UpdateUserPayload', { description: 'The user that was changed.' })
@WithParent()
export class UpdateUserPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('BlockUserPayload', { description: 'The user that was blocked.' })
@WithParent()
export class BlockUserPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('UnblockUserPayload', { description: 'The user that was unblocked.' })
@WithParent()
export class UnblockUserPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('DeleteUserPayload', { description: 'The user that was deleted.' })
@WithParent()
export class DeleteUserPayload {
  @Field(() => ID, { description: 'The id of the deleted user; it is never used again.' })
  deletedId!: string;
}
