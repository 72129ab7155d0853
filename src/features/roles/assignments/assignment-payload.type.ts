import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { UserType } from '#src/features/users/user.type';
import type { UserRow } from '#src/features/users/user-row';

@ObjectType('AddUserRolesPayload', { description: 'The user who holds the roles now.' })
@WithParent()
export class AddUserRolesPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('RemoveUserRolesPayload', { description: 'The user who lost the roles.' })
@WithParent()
export class RemoveUserRolesPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('AddUserPermissionsPayload', { description: 'The user who holds the permissions now.' })
@WithParent()
export class AddUserPermissionsPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('RemoveUserPermissionsPayload', { description: 'The user who lost the permissions.' })
@WithParent()
export class RemoveUserPermissionsPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}
